import type { Schema } from "@ws/contract";
import type { InvalidMessage } from "@ws/events";
import { connect, loopback, type TestSession } from "@ws/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { Connection } from "../connection.js";
import type { JsonOptions } from "../options.js";
import { view } from "../view.fixture.js";

/** What a view makes of a message: its value, or the error's code, size and issues. */
interface Read {
  readonly value?: unknown;
  readonly error?: { readonly code: string; readonly size: number; readonly issues: number };
}

const sizeOf = ({ message, issues }: InvalidMessage): number =>
  Buffer.byteLength(message) + Buffer.byteLength(JSON.stringify(issues));

async function readOne(socket: Connection, schema: Schema, options: JsonOptions): Promise<Read> {
  try {
    return { value: await socket.receiveJson(schema, options) };
  } catch (error) {
    const invalid = error as InvalidMessage;
    const { code, issues } = invalid;
    return { error: { code, size: sizeOf(invalid), issues: issues.length } };
  }
}

/** What the view reads of each text, over one connection that stays open. */
async function reads(
  texts: readonly string[],
  schema: Schema = z.unknown(),
  options: JsonOptions = {},
): Promise<readonly Read[]> {
  const results: Read[] = [];
  const application = view(async (socket) => {
    await socket.accept();
    for (const _ of texts) {
      results.push(await readOne(socket, schema, options));
      await socket.sendText("read");
    }
  });
  await using session: TestSession = await connect(application, "/", { server: { transport: loopback } });
  for (const text of texts) {
    await session.sendText(text);
    await session.receiveText();
  }
  expect(await session.closed).toMatchObject({ code: 1000 });
  return results;
}

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const refused = { code: "ERR_WS_MESSAGE_JSON", issues: 0 };

describe("JSON that is too much", () => {
  test("fault 112: a depth of 100, 2,000 or 100,000 is refused before it is parsed, and the connection stays usable", async () => {
    let seen = 0;
    const schema = z.unknown().refine(() => {
      seen += 1;
      return true;
    });
    const results = await reads([nested(100), nested(2_000), nested(100_000), nested(64)], schema);
    expect(results.map(({ error }) => error?.code)).toEqual([...Array(3).fill(refused.code), undefined]);
    expect(seen).toBe(1);
  });

  test("fault 113: 60,000 keys that a strict schema does not know make an error under 2 KiB, by default without the schema", async () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => [`key${index}`, 1]);
    const text = JSON.stringify(Object.fromEntries(keys));
    const [byDefault] = await reads([text], z.strictObject({}));
    const [raised] = await reads([text], z.strictObject({}), { maxValues: 100_000 });
    expect(byDefault?.error).toMatchObject(refused);
    expect(raised?.error).toMatchObject({ code: "ERR_WS_MESSAGE_SCHEMA", issues: 1 });
    for (const read of [byDefault, raised]) expect(read?.error?.size).toBeLessThan(2_048);
  });

  test("fault 114: 200,000 wrong elements make an error under 2 KiB with at most 8 issues, by default without the schema", async () => {
    const text = JSON.stringify(Array(200_000).fill(1));
    const [byDefault] = await reads([text], z.array(z.string()));
    const [raised] = await reads([text], z.array(z.string()), { maxValues: 200_000 });
    expect(byDefault?.error).toMatchObject(refused);
    expect(raised?.error).toMatchObject({ code: "ERR_WS_MESSAGE_SCHEMA", issues: 8 });
    for (const read of [byDefault, raised]) expect(read?.error?.size).toBeLessThan(2_048);
  });
});

describe("JSON that means something else", () => {
  test("fault 115: __proto__ and constructor.prototype are keys like any other and change no prototype", async () => {
    const [own, deep] = await reads([
      '{"__proto__":{"admin":true}}',
      '{"constructor":{"prototype":{"admin":true}}}',
    ]);
    expect(Object.keys(own?.value as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(own?.value)).toBe(Object.prototype);
    expect(Object.keys(deep?.value as object)).toEqual(["constructor"]);
    expect("admin" in {}).toBe(false);
    const text = '{"a":1,"__proto__":{"admin":true}}';
    for (const schema of [
      z.looseObject({}),
      z.record(z.string(), z.unknown()),
      z.object({ a: z.number() }),
    ]) {
      const [read] = await reads([text], schema);
      expect(read?.value).toHaveProperty("a", 1);
      expect(read?.value).not.toHaveProperty("admin");
    }
  });

  test("fault 116: a schema of numbers refuses 1e400, one of integers what a double can't hold; without one they are JSON.parse's", async () => {
    const texts = ["1e400", "9007199254740993", "-0", "1e-400"];
    const numbers = await reads(texts, z.number());
    expect(numbers.map(({ value }) => value)).toEqual([undefined, 2 ** 53, -0, 0]);
    const integers = await reads(texts, z.int());
    expect(integers.map(({ value }) => value)).toEqual([undefined, undefined, -0, 0]);
    const free = await reads(texts);
    expect(free.map(({ value }) => value)).toEqual([Number.POSITIVE_INFINITY, 2 ** 53, -0, 0]);
  });

  test("fault 117: of two equal keys the last counts, a byte order mark is no JSON, an escaped lone surrogate is read and sent back escaped", async () => {
    const results = await reads(['{"a":1,"a":2}', "\ufeff{}", String.raw`"\ud800"`]);
    expect(results[0]?.value).toEqual({ a: 2 });
    expect(results[1]?.error).toMatchObject(refused);
    expect(results[2]?.value).toBe("\ud800");
    const application = view(async (socket) => {
      await socket.accept();
      await socket.sendJson(await socket.receiveJson());
      await expect(socket.sendText("\ud800")).rejects.toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
      await socket.sendText("still open");
    });
    await using session = await connect(application, "/", { server: { transport: loopback } });
    await session.sendText(String.raw`"\ud800"`);
    expect([await session.receiveText(), await session.receiveText()]).toEqual([
      String.raw`"\ud800"`,
      "still open",
    ]);
  });
});

describe("a schema that takes its time", () => {
  test("fault 123: an address of 200,000 characters that is none is refused by zod's own pattern, which does not backtrack", async () => {
    const texts = [`${"a".repeat(200_000)}@`, `${"a.".repeat(100_000)}@x`, "ann@example.com"];
    const results = await reads(
      texts.map((text) => JSON.stringify(text)),
      z.email(),
    );
    expect(results.map(({ value }) => value)).toEqual([undefined, undefined, "ann@example.com"]);
    expect(results[0]?.error).toMatchObject({ code: "ERR_WS_MESSAGE_SCHEMA" });
  });

  test("fault 124: a refinement runs though a maximum has failed; what is above maxLength it never sees", async () => {
    const seen: number[] = [];
    const schema = z
      .string()
      .max(10)
      .refine((text) => seen.push(text.length) > 0);
    const texts = [JSON.stringify("x".repeat(20)), JSON.stringify("x".repeat(2_000))];
    const results = await reads(texts, schema, { maxLength: 1_000 });
    expect(seen).toEqual([20]);
    expect(results.map(({ error }) => error?.code)).toEqual(["ERR_WS_MESSAGE_SCHEMA", "ERR_WS_MESSAGE_JSON"]);
  });
});
