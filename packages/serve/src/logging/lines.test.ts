import { expect, test } from "vitest";
import { jsonLine } from "./json-line.js";
import { prettyLine } from "./pretty-line.js";

const parsed = (...given: Parameters<typeof jsonLine>): Record<string, unknown> =>
  JSON.parse(jsonLine(...given));

/** An error of which nothing can be read. */
const unreadable = Object.defineProperty(new Error("x"), "stack", {
  get: () => {
    throw new Error("no");
  },
});

test("a line of JSON has the keys of pino, and the fields beside them", () => {
  const line = parsed("warn", "hello", { id: "a", count: 2, flag: true, none: null, list: [1] });
  expect(line).toMatchObject({
    level: 40,
    msg: "hello",
    id: "a",
    count: 2,
    flag: true,
    none: null,
    list: [1],
  });
  expect([typeof line["time"], line["pid"], typeof line["hostname"]]).toEqual([
    "number",
    process.pid,
    "string",
  ]);
});

test("the keys of the line itself are no field's", () => {
  expect(parsed("info", "true", { msg: "false", level: 60, pid: 1 })).toMatchObject({
    msg: "true",
    level: 30,
    pid: process.pid,
  });
});

test("an error stands under err with type, message and stack, and its causes", () => {
  const cause = new Error("inner", { cause: "thrown" });
  const error = new TypeError("outer", { cause });
  [cause.stack, error.stack] = ["Error: inner\n    at a", "TypeError: outer\n    at b"];
  const { err } = parsed("error", "failed", { error }) as { err: Record<string, string> };
  expect(err).toMatchObject({ type: "TypeError", message: "outer" });
  expect(err["stack"]).toMatch(/^TypeError: outer[\s\S]*caused by: Error: inner[\s\S]*caused by: 'thrown'/);
  const bare = Object.assign(new Error("bare"), { stack: undefined });
  expect(parsed("error", "failed", { error: bare })["err"]).toMatchObject({ stack: "Error: bare" });
  expect(parsed("error", "failed", { error: 5 })["err"]).toEqual({
    type: "number",
    message: "5",
    stack: "5",
  });
});

test("whatever the fields are, a line has at most 4,095 bytes and can be parsed", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const fields = {
    circle,
    big: 5n,
    symbol: Symbol("s"),
    call: () => {},
    deep: { text: "x".repeat(5_000) },
    long: "\u{1f600}".repeat(5_000),
    error: unreadable,
  };
  const line = jsonLine("error", "m".repeat(10_000), fields);
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4_095);
  expect(JSON.parse(line)).toMatchObject({ level: 50, big: "5", circle: "a value that can't be written" });
  const some = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [`field${index}`, "x".repeat(600)]),
  );
  expect(String(parsed("info", "some", some)["field11"])).toHaveLength(128);
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`field${index}`, "x".repeat(50)]),
  );
  expect(JSON.parse(jsonLine("info", "many", many))).toMatchObject({ msg: "many", level: 30 });
});

test("a line for a person has no control character but its own, and the stack below it", () => {
  const line = prettyLine("error", "fa\nked", { path: "/\u001b[2J", error: new Error("no\rway"), count: 1 });
  expect(line).toMatch(
    /^\d\d:\d\d:\d\d error fa\\u\{a\}ked path=\/\\u\{1b\}\[2J count=1\n {2}Error: no\\u\{d\}way\n {6}at /,
  );
  expect(prettyLine("info", "m", { none: undefined })).toMatch(/ info {2}m none=undefined$/);
  expect(prettyLine("info", "m", { error: unreadable })).toContain("an error that can't be read");
});
