import type { Schema } from "@ws/contract";
import { connect } from "@ws/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Connection } from "../connection.js";
import { view } from "../view.fixture.js";

/** The error of what a view does; the connection lives on, as what it sends next shows. */
async function errorOf(work: (socket: Connection) => unknown): Promise<unknown> {
  let error: unknown;
  const application = view(async (socket) => {
    await socket.accept();
    try {
      await work(socket);
    } catch (thrown) {
      error = thrown;
    }
    await socket.sendText(await socket.receiveText());
  });
  await using session = await connect(application, "/");
  await session.sendText("kept");
  expect(await session.receiveText()).toBe("kept");
  return error;
}

describe("what JSON has no word for", () => {
  const invalid = new Date(Number.NaN);
  const values: readonly (readonly [string, unknown, string])[] = [
    ["a Number object that is NaN", { n: Object(Number.NaN) }, 'finite numbers, got NaN at "n"'],
    ["one that is infinite", [Object(Number.NEGATIVE_INFINITY)], 'finite numbers, got -Infinity at "0"'],
    ["an invalid date", { when: invalid }, 'valid dates, got an invalid Date at "when"'],
    ["one by itself", invalid, 'valid dates, got an invalid Date at ""'],
    ["what becomes NaN by toJSON", { a: { toJSON: () => Number.NaN } }, 'finite numbers, got NaN at "a"'],
    ["undefined in an array", [1, undefined], 'JSON values in an array, got undefined at "1"'],
    ["a function in an array", { a: [() => 1] }, 'JSON values in an array, got function at "0"'],
    ["a symbol in an array", [Symbol("s")], 'JSON values in an array, got symbol at "0"'],
    [
      "what becomes nothing by toJSON in an array",
      [{ toJSON() {} }],
      'JSON values in an array, got undefined at "0"',
    ],
    [
      "a bigint in an object of its own",
      { a: Object(1n) },
      "a JSON value: Do not know how to serialize a BigInt",
    ],
  ];

  test.each(values)(
    "fault 196: %s is a TypeError, as text and as bytes, and sends nothing",
    async (_name, value, said) => {
      const expected = new TypeError(`sendJson: expected ${said}`);
      expect(await errorOf((socket) => socket.sendJson(value))).toEqual(expected);
      expect(await errorOf((socket) => socket.sendJsonb(value))).toEqual(expected);
    },
  );

  test("fault 196: what has a word is written: null, a date, minus zero as 0, a property that is undefined as none", async () => {
    const value = {
      a: null,
      b: new Date(0),
      c: -0,
      d: undefined,
      e: [null, Object(1)],
      f: { toJSON: () => null },
    };
    const application = view(async (socket) => {
      await socket.accept();
      await socket.sendJson(value);
    });
    await using session = await connect(application, "/");
    expect(await session.receiveText()).toBe(
      '{"a":null,"b":"1970-01-01T00:00:00.000Z","c":0,"e":[null,1],"f":null}',
    );
  });
});

describe("what is no schema", () => {
  const none: readonly (readonly [string, unknown])[] = [
    ["options in its place", { signal: AbortSignal.abort() }],
    ["null", null],
    ["a string", "schema"],
    ["a function", (value: unknown) => value],
    ["an object that only says so", { "~standard": {} }],
  ];

  test.each(none)(
    "fault 196: %s is a TypeError that says what was expected, and costs no message",
    async (_name, given) => {
      const schema = given as Schema;
      const good = z.string();
      const calls: readonly (readonly [string, (socket: Connection) => unknown])[] = [
        ["receiveJson", (socket) => socket.receiveJson(schema)],
        ["receiveJsonb", (socket) => socket.receiveJsonb(schema)],
        ["json", (socket) => socket.json(schema).next()],
        ["jsonb", (socket) => socket.jsonb(schema).next()],
        ["with: receive", (socket) => socket.with({ receive: schema, send: good })],
        ["with: send", (socket) => socket.with({ receive: good, send: schema })],
      ];
      for (const [caller, work] of calls) {
        const error = await errorOf(work);
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).toMatch(`${caller}: expected a schema that speaks Standard Schema`);
      }
    },
  );
});

describe("the bounds of JSON", () => {
  const schema = z.array(z.number());
  const ways: readonly (readonly [string, (socket: Connection) => AsyncIterable<unknown>, boolean])[] = [
    ["json()", (socket) => socket.json(undefined, { maxValues: 3 }), false],
    ["json() with a schema", (socket) => socket.json(schema, { maxValues: 3 }), false],
    ["jsonb()", (socket) => socket.jsonb(undefined, { maxValues: 3 }), true],
    ["jsonb() with a schema", (socket) => socket.jsonb(schema, { maxValues: 3 }), true],
    ["with()", (socket) => socket.with({ receive: schema, send: schema }, { maxValues: 3 }), false],
  ];

  test.each(ways)("fault 196: can be given where %s is iterated", async (_name, each, isBinary) => {
    const seen: unknown[] = [];
    const application = view(async (socket) => {
      await socket.accept();
      for (let times = 0; times < 2; times += 1) {
        try {
          for await (const message of each(socket)) seen.push(message);
        } catch (error) {
          seen.push((error as Error).message);
        }
      }
    });
    await using session = await connect(application, "/");
    for (const text of ["[1]", "[1,2,3,4]", "[2]"]) {
      if (isBinary) await session.sendBytes(new TextEncoder().encode(text));
      else await session.sendText(text);
    }
    await session.close();
    await expect.poll(() => seen).toEqual([[1], "expected JSON of at most 3 values", [2]]);
  });

  test("fault 196: those of with() hold for its receive, unless that is given its own", async () => {
    const seen: unknown[] = [];
    const application = view(async (socket) => {
      await socket.accept();
      const chat = socket.with({ receive: schema, send: schema }, { maxValues: 3 });
      seen.push(await chat.receive().catch((error: Error) => error.message));
      seen.push(await chat.receive({ maxValues: 10 }));
    });
    await using session = await connect(application, "/");
    await session.sendText("[1,2,3,4]");
    await session.sendText("[1,2,3,4]");
    await expect.poll(() => seen).toEqual(["expected JSON of at most 3 values", [1, 2, 3, 4]]);
  });
});
