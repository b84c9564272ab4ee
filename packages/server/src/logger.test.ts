import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { type Logger, silent } from "./logger.js";

describe("a logger", () => {
  test("may be the console", () => {
    expectTypeOf<Console>().toExtend<Logger>();
  });

  test("is silent by default", () => {
    const written = [vi.spyOn(process.stdout, "write"), vi.spyOn(process.stderr, "write")];
    for (const level of ["debug", "info", "warn", "error"] as const) {
      expect(silent[level]("message", { key: 1 })).toBeUndefined();
    }
    for (const write of written) expect(write).not.toHaveBeenCalled();
  });
});
