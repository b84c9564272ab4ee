import { Console } from "node:console";
import { Writable } from "node:stream";
import { fastify } from "fastify";
import { pino } from "pino";
import { describe, expect, expectTypeOf, test, vi } from "vitest";
import { createLogger, format, transports } from "winston";
import { silent } from "../session/logger.js";
import { fromPino } from "./pino-logger.js";
import { type LoggerOption, resolveLogger } from "./resolve-logger.js";
import { standardError } from "./standard-error.js";

/** A stream that keeps what is written to it. */
class Kept extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

const error = new TypeError("no such user");
const fields = { id: "x-1", path: "/chat/", call: "sendText", error };
const failed = "the application failed";

/** What arrives in each has to hold these. */
function expectWhole(text: string): void {
  for (const part of ["x-1", "/chat/", "sendText", failed, "no such user", "resolve-logger.test.ts"]) {
    expect(text).toContain(part);
  }
}

describe("fault 200: id, path, call and the error with its stack arrive", () => {
  test("in pino, known by its shape or named", () => {
    for (const wrap of [(logger: pino.Logger): LoggerOption => logger, fromPino]) {
      const kept = new Kept();
      resolveLogger(wrap(pino(kept))).error(failed, fields);
      expectWhole(kept.text);
      const { msg, err, level } = JSON.parse(kept.text);
      expect({ msg, level, type: err.type }).toEqual({ msg: failed, level: 50, type: "TypeError" });
    }
  });

  test("in a child of pino, which keeps its own fields", () => {
    const kept = new Kept();
    resolveLogger(pino(kept).child({ component: "chat" })).warn(failed, { id: "x-1" });
    expect(JSON.parse(kept.text)).toMatchObject({ component: "chat", id: "x-1", msg: failed, level: 40 });
    resolveLogger(pino(kept)).info("bare");
    expect(kept.text).toContain('"msg":"bare"');
  });

  test("in fastify.log; without a logger of fastify's nothing is written and nothing fails", () => {
    const kept = new Kept();
    resolveLogger(fastify({ logger: { stream: kept } }).log).error(failed, fields);
    expectWhole(kept.text);
    expect(resolveLogger(fastify().log).error(failed, fields)).toBeUndefined();
  });

  test("in winston, as JSON and as text", () => {
    for (const each of [format.json(), format.simple()]) {
      const kept = new Kept();
      const logger = createLogger({ format: each, transports: [new transports.Stream({ stream: kept })] });
      resolveLogger(logger).error(failed, fields);
      expectWhole(kept.text);
      resolveLogger(logger).warn("bare");
      expect(kept.text).toContain("bare");
    }
  });

  test("in the console", () => {
    const kept = new Kept();
    resolveLogger(new Console(kept)).error(failed, fields);
    expectWhole(kept.text);
    expectTypeOf<Console>().toExtend<LoggerOption>();
  });

  test("in the console, which would write a second argument that is undefined", () => {
    const kept = new Kept();
    resolveLogger(new Console(kept)).debug("bare");
    expect(kept.text).toBe("bare\n");
  });
});

test("fault 199: `false` is silence, and what is not said is standard error", () => {
  expect(resolveLogger(false)).toBe(silent);
  expect(resolveLogger(standardError)).toBe(standardError);
  for (const level of ["debug", "info", "warn", "error"] as const) {
    expect(silent[level]("message", fields)).toBeUndefined();
  }
});

test("a logger that fails harms nobody", () => {
  const fail = vi.fn(() => {
    throw new Error("disk full");
  });
  const logger = resolveLogger({ debug: fail, info: fail, warn: fail, error: fail });
  expect(logger.error(failed, fields)).toBeUndefined();
  expect(fail).toHaveBeenCalledExactlyOnceWith(failed, fields);
});

test.each([
  [true, "got boolean without debug"],
  [null, "got null without debug"],
  [undefined, "got undefined without debug"],
  [{ debug() {}, info() {}, warn() {} }, "got object without error"],
])("%o is no logger, and what it lacks is said", (logger, expected) => {
  expect(() => resolveLogger(logger as never)).toThrow(expected);
});
