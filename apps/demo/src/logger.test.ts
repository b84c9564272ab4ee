import { expect, it } from "vitest";
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

it.each([
  ["debug", ["debug d", "info  i", "warn  w", "error e"]],
  ["info", ["info  i", "warn  w", "error e"]],
  ["warn", ["warn  w", "error e"]],
  ["error", ["error e"]],
  ["silent", []],
] as const)("writes at %s what is at least as grave", (level, lines) => {
  expect(written(level)).toEqual(lines);
});

it("writes one line: time, level, message, fields, and no control character of a value", () => {
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

it("writes an error with its stack, bounded", () => {
  const lines: string[] = [];
  const error = new Error("x".repeat(5_000));
  createLogger("info", (line) => lines.push(line)).error("failed", { error });
  expect(lines[0]).toContain('error="Error: xxx');
  expect(lines[0]?.length).toBeLessThan(2_200);
});
