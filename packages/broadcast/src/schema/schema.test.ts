import type { Schema } from "@ws/connection";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { checkPublished, readPayload } from "./schema.js";

const schema = z.object({ a: z.object({ b: z.string() }) });
const slow = z.string().refine(async (text) => text !== "bad");

const judging = (validate: Schema["~standard"]["validate"]): Schema => ({
  "~standard": { version: 1, vendor: "test", validate },
});

describe("what is published", () => {
  test("passes where it is of the schema, at once where that can be", async () => {
    expect(checkPublished(schema, { a: { b: "" } })).toBeUndefined();
    const checking = checkPublished(slow, "good");
    expect(checking).toBeInstanceOf(Promise);
    expect(await checking).toBeUndefined();
  });

  test("is refused where it is not, and the error says where and never what", () => {
    const secret = { a: { b: 5_551 } };
    // @ts-expect-error: against the schema
    const publish = (): unknown => checkPublished(schema, secret);
    expect(publish).toThrow(expect.objectContaining({ name: "ProtocolError", code: "ERR_WS_EVENT_INVALID" }));
    expect(publish).toThrow(/^publish: expected .* 1 issue; the first at "a\.b": /);
    expect(publish).not.toThrow("5551");
  });

  test("is refused later where the schema takes its time", async () => {
    await expect(checkPublished(slow, "bad")).rejects.toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
  });

  test.each([
    [[], "with 0 issues"],
    [[{ message: "no" }], 'the first at "": no'],
    [[{ message: "no", path: [{ key: "a" }, 1] }], 'the first at "a.1": no'],
    [
      [{ message: "x".repeat(1_000), path: ["y".repeat(1_000)] }],
      `at "${"y".repeat(100)}": ${"x".repeat(300)}`,
    ],
  ])("issues of any shape make a bounded text: %#", (issues, text) => {
    const publish = (): unknown =>
      checkPublished(
        judging(() => ({ issues })),
        1,
      );
    expect(publish).toThrow(text);
    expect(publish).not.toThrow("x".repeat(401));
  });
});

describe("what is received", () => {
  test("is what the schema makes of it", async () => {
    expect(readPayload(schema, '{"a":{"b":"c","d":1}}')).toEqual({ value: { a: { b: "c" } } });
    expect(await readPayload(slow, '"good"')).toEqual({ value: "good" });
  });

  test("is nothing where it is no JSON or against the schema", async () => {
    expect(readPayload(schema, "{")).toBeUndefined();
    expect(readPayload(schema, "{}")).toBeUndefined();
    expect(await readPayload(slow, '"bad"')).toBeUndefined();
  });

  test("is nothing where the schema throws at it", async () => {
    const boom = new Error("boom");
    const throwing = judging(() => {
      throw boom;
    });
    expect(readPayload(throwing, "1")).toBeUndefined();
    expect(
      await readPayload(
        judging(() => Promise.reject(boom)),
        "1",
      ),
    ).toBeUndefined();
  });
});
