import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { InvalidMessage, type InvalidMessageCode } from "./invalid-message.js";

const schemaError = (issues: readonly { message: string; path: string }[]): InvalidMessage =>
  new InvalidMessage("ERR_WS_MESSAGE_SCHEMA", "the message is against the schema", issues);

/** What the issues come to in UTF-8. */
function sizeOf({ issues }: InvalidMessage): number {
  return issues.reduce(
    (size, { message, path }) => size + Buffer.byteLength(message) + Buffer.byteLength(path),
    0,
  );
}

describe("an invalid message", () => {
  test("is an error with a name, a code and a text", () => {
    const error = new InvalidMessage("ERR_WS_MESSAGE_TYPE", "expected text, got bytes");
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "InvalidMessage",
      code: "ERR_WS_MESSAGE_TYPE",
      message: "expected text, got bytes",
      issues: [],
    });
  });

  test.each<[InvalidMessageCode, number, string]>([
    ["ERR_WS_MESSAGE_TYPE", 1003, "the wrong frame type"],
    ["ERR_WS_MESSAGE_JSON", 1007, "bad JSON"],
    ["ERR_WS_MESSAGE_SCHEMA", 1008, "JSON against the schema"],
  ])("%s closes with %i: %s", (code, closeCode, message) => {
    expect(new InvalidMessage(code, message).closeCode).toBe(closeCode);
  });

  test("has one of three codes", () => {
    expectTypeOf<InvalidMessageCode>().toEqualTypeOf<
      "ERR_WS_MESSAGE_TYPE" | "ERR_WS_MESSAGE_JSON" | "ERR_WS_MESSAGE_SCHEMA"
    >();
    // @ts-expect-error: a code that doesn't exist
    expect(new InvalidMessage("ERR_WS_OTHER", "x").closeCode).toBeUndefined();
  });
});

describe("the issues of an invalid message", () => {
  test("are kept as they are while they are few and short", () => {
    const issues = [
      { message: "expected a number", path: "room.id" },
      { message: "expected an object", path: "" },
    ];
    expect(schemaError(issues).issues).toEqual(issues);
  });

  test("are the first 8", () => {
    const issues = Array.from({ length: 200_000 }, (_, index) => ({ message: "no", path: `${index}` }));
    expect(schemaError(issues).issues.map(({ path }) => path)).toEqual([
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
    ]);
  });

  test("hold nothing else that a schema said, such as the value", () => {
    const issue = { message: "no", path: "a", input: "secret" };
    expect(schemaError([issue]).issues).toEqual([{ message: "no", path: "a" }]);
  });

  test("are cut in the middle of one where the room ends, and the rest is left out", () => {
    const { issues } = schemaError([
      { message: "m".repeat(300), path: "p".repeat(300) },
      { message: "n".repeat(300), path: "q".repeat(30) },
      { message: "left out", path: "" },
    ]);
    expect(issues.map(({ message, path }) => [message.length, path.length])).toEqual([
      [300, 300],
      [10, 30],
    ]);
  });

  test("are under 2 KiB of UTF-8, whatever they say", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc
        .tuple(fc.constantFrom("x", "é", "€", "😀", "\ud800"), fc.nat(2000))
        .map(([unit, n]) => unit.repeat(n)),
    );
    const issues = fc.array(fc.record({ message: text, path: text }), { maxLength: 12 });
    fc.assert(
      fc.property(issues, (given) => {
        const error = schemaError(given);
        expect(error.issues.length).toBeLessThanOrEqual(8);
        expect(sizeOf(error)).toBeLessThan(2048);
        expect(error.issues.every(({ message, path }) => (message + path).isWellFormed())).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

test("the text of an invalid message is cut too, and no character of it halved", () => {
  const error = new InvalidMessage("ERR_WS_MESSAGE_JSON", `x${"😀".repeat(100_000)}`);
  expect(error.message).toBe(`x${"😀".repeat(127)}\ufffd`);
});
