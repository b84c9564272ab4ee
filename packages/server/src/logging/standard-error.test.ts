import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Logger } from "../session/logger.js";

let written = "";
let standardError: Logger;

beforeEach(async () => {
  written = "";
  vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
  // One of its own: the tests of this package silence the module's.
  vi.resetModules();
  ({ standardError } = await import("./standard-error.js"));
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("fault 199: an error is one line with its fields, and the stack below it", () => {
  const error = new TypeError("no such user");
  standardError.error("the application failed", { id: "x-1", path: "/chat/5/", error });
  const [first, second, third] = written.split("\n");
  expect(first).toMatch(/^\d{4}-\S+Z error @ws\/server: the application failed id=x-1 path=\/chat\/5\/$/);
  expect(second).toBe("  TypeError: no such user");
  expect(third).toMatch(/^ {6}at .*standard-error\.test\.ts/);
});

test("fault 199: its causes are told too, as many as three", () => {
  let error: Error = new Error("number 5");
  for (let number = 4; number >= 0; number -= 1) error = new Error(`number ${number}`, { cause: error });
  standardError.error("failed", { error });
  expect(written).toContain("  caused by: Error: number 3");
  expect(written).not.toContain("number 4");
});

test("fault 199: what is no error is written as it is, and a warning is one line", () => {
  standardError.error("failed", { error: { reason: "none" } });
  standardError.warn("the application returned before it answered the handshake", { id: "x-1", left: 3 });
  standardError.warn("nothing more");
  standardError.error("nothing more");
  const lines = written.trimEnd().split("\n");
  expect(lines[1]).toBe("  { reason: 'none' }");
  expect(lines[2]).toMatch(/ warn {2}@ws\/server: the application returned .* id=x-1 left=3$/);
  expect(lines).toHaveLength(5);
});

test("fault 199: no control character and no great length gets out of a field or an error", () => {
  const error = new Error(`a\r\u001b[2J\u2028${"x".repeat(100_000)}`);
  standardError.error("failed", { path: `/\n\u007f${"y".repeat(100_000)}`, error });
  expect(written).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}]/u);
  expect(written.length).toBeLessThan(10_000);
});

test("fault 199: an error that can't be read is one all the same", () => {
  const error = Object.defineProperty(new Error("x"), "stack", {
    get: () => {
      throw new Error("no stack");
    },
  });
  standardError.error("failed", { error });
  standardError.error("failed", { error: Object.assign(new Error("only this"), { stack: undefined }) });
  expect(written).toContain("  an error that can't be read");
  expect(written).toContain("  Error: only this");
});

test("fault 199: where nobody reads standard error any more, its error harms nobody", () => {
  const listen = vi.spyOn(process.stderr, "once").mockReturnThis();
  vi.mocked(process.stderr.write).mockImplementation((_chunk, done) => {
    (done as unknown as (error?: Error) => void)(new Error("EPIPE"));
    return false;
  });
  vi.spyOn(process.stderr, "listenerCount").mockReturnValueOnce(0).mockReturnValueOnce(1);
  standardError.error("failed");
  standardError.error("failed");
  expect(listen).toHaveBeenCalledOnce();
  const [name, listener] = listen.mock.calls[0] ?? [];
  expect(name).toBe("error");
  expect(listener?.()).toBeUndefined();
});

test("fault 199: what is for debugging, and what is only said, is not written", () => {
  standardError.debug("d", { id: 1 });
  standardError.info("i", { id: 1 });
  expect(written).toBe("");
});
