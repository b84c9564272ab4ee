import { expect, test } from "vitest";
import { createLogger, type LogLevel } from "./logger.js";

function written(level: LogLevel): string[] {
  const lines: string[] = [];
  const logger = createLogger(level, (line) => lines.push(line));
  logger.debug("d");
  logger.info("i");
  logger.warn("w");
  logger.error("e");
  return lines.map((line) => line.slice(25).trimEnd());
}

test.each([
  ["debug", ["debug d", "info  i", "warn  w", "error e"]],
  ["info", ["info  i", "warn  w", "error e"]],
  ["warn", ["warn  w", "error e"]],
  ["error", ["error e"]],
  ["silent", []],
] as const)("writes at %s what is at least as grave", (level, lines) => {
  expect(written(level)).toEqual(lines);
});

test("writes one line: time, level, message, fields, and no control character of a value", () => {
  const lines: string[] = [];
  createLogger("info", (line) => lines.push(line)).warn("odd", {
    path: "/\n\u001b",
    code: 1006,
    none: undefined,
  });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(
    /^\d{4}-\d\d-\d\dT[\d:.]+Z warn {2}odd path="\/\\n\\u001b" code=1006 none=undefined\n$/,
  );
});

test("writes an error's stack below the line, bounded, and no control character of it", () => {
  const lines: string[] = [];
  const logger = createLogger("info", (line) => lines.push(line));
  logger.error("failed", { id: "7", error: new Error(`a\u001b${"x".repeat(5_000)}`) });
  const [first, second] = String(lines[0]).split("\n");
  expect(first).toMatch(/ error failed id="7"$/);
  expect(second).toMatch(/^ {2}Error: a.*xxx/);
  expect(second).not.toContain("\u001b");
  expect(lines[0]?.length).toBeLessThan(2_200);
  logger.error("failed", { error: "no error at all" });
  expect(lines[1]).toMatch(/ failed\n {2}"no error at all"\n$/);
});
