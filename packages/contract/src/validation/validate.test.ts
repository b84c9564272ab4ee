import { InvalidMessage, ProtocolError } from "@ws/events";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { InferInput, InferOutput, Schema } from "./schema.js";
import { checkSchema, validateReceived, validateSent } from "./validate.js";

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection");
}

/** Standard Schema by hand: a text that says yes, as a boolean. */
const answer: Schema<string, boolean> = {
  "~standard": {
    version: 1,
    vendor: "hand",
    validate: (value) =>
      value === "yes"
        ? { value: true }
        : { issues: [{ message: "say yes" }, { message: "or go", path: [] }] },
  },
};

/** The same, that takes its time. */
const slowAnswer: Schema<string, boolean> = {
  "~standard": {
    version: 1,
    vendor: "hand",
    validate: async (value) => await answer["~standard"].validate(value),
  },
};

const user = z.object({ name: z.string(), tags: z.array(z.object({ id: z.number() })).default([]) });

/** Also what is thrown at once is a rejection here. */
async function received(schema: Schema, value: unknown): Promise<unknown> {
  return await validateReceived(schema, value);
}

async function sent(schema: Schema, value: unknown): Promise<unknown> {
  return await validateSent(schema, value);
}

async function invalid(schema: Schema, value: unknown): Promise<InvalidMessage> {
  const error = await rejection(received(schema, value));
  if (error instanceof InvalidMessage) return error;
  throw error;
}

const sizeOf = (error: InvalidMessage): number =>
  Buffer.byteLength(error.message + JSON.stringify(error.issues));

describe("what a client sent", () => {
  test("is given as the schema's output: with zod", async () => {
    expect(await validateReceived(user, { name: "a", more: 1 })).toEqual({ name: "a", tags: [] });
  });

  test.each([
    ["at once", answer],
    ["later", slowAnswer],
  ])("is given as the schema's output: with a schema by hand that answers %s", async (_, schema) => {
    expect(await validateReceived(schema, "yes")).toBe(true);
    expect(await invalid(schema, "no")).toMatchObject({
      code: "ERR_WS_MESSAGE_SCHEMA",
      closeCode: 1008,
      message: "the message is not what the schema expects: 2 issues",
      issues: [
        { message: "say yes", path: "" },
        { message: "or go", path: "" },
      ],
    });
  });

  test("with an asynchronous zod schema", async () => {
    const free = z.string().refine(async (name) => name !== "taken");
    expect(await validateReceived(free, "a")).toBe("a");
    expect((await invalid(free, "taken")).issues).toHaveLength(1);
  });

  test("an issue says where, by keys joined with dots", async () => {
    const { issues } = await invalid(user, { name: "a", tags: [{ id: 1 }, { id: "x" }] });
    expect(issues.map(({ path }) => path)).toEqual(["tags.1.id"]);
  });

  test("a path may be made of segments and symbols, and is cut at 16 keys", async () => {
    const path = [{ key: "a" }, Symbol("b"), 0, ...Array.from({ length: 20_000 }, () => "x")];
    const schema: Schema = {
      "~standard": { version: 1, vendor: "hand", validate: () => ({ issues: [{ message: "m", path }] }) },
    };
    expect((await invalid(schema, 1)).issues[0]?.path).toBe(`a.Symbol(b).0${".x".repeat(13)}`);
  });

  test("the issues are the first 8, however many there are", async () => {
    const wrong = Array.from({ length: 10_000 }, () => "x");
    const error = await invalid(z.array(z.number()), wrong);
    expect(error.issues.map(({ path }) => path)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    expect(error.message).toContain("10000 issues");
  });

  test("60,000 keys that a strict schema does not know make an error under 2 KiB", async () => {
    const hostile = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`key-${index}-€`, 1]));
    expect(sizeOf(await invalid(z.strictObject({}), hostile))).toBeLessThan(2_048);
  });

  test("60,000 keys, each with an issue of its own, make an error under 2 KiB", async () => {
    const hostile = Object.fromEntries(
      Array.from({ length: 60_000 }, (_, index) => [`${"€".repeat(200)}${index}`, "s3cret"]),
    );
    const error = await invalid(z.record(z.string(), z.number()), hostile);
    expect(error.issues.length).toBeLessThanOrEqual(8);
    expect(sizeOf(error)).toBeLessThan(2_048);
    expect(JSON.stringify(error)).not.toContain("s3cret");
  });

  test("what a schema throws is no fault of the client's, and is thrown as it is", async () => {
    const broken = new Error("the database is gone");
    const schema: Schema = {
      "~standard": {
        version: 1,
        vendor: "hand",
        validate: () => {
          throw broken;
        },
      },
    };
    expect(await rejection(received(schema, 1))).toBe(broken);
  });
});

describe("what we are about to send", () => {
  test("is given as the schema's output", async () => {
    expect(await validateSent(answer, "yes")).toBe(true);
    expect(await validateSent(slowAnswer, "yes")).toBe(true);
    expect(await validateSent(user, { name: "a" })).toEqual({ name: "a", tags: [] });
  });

  test("is our own mistake where it breaks the schema: a ProtocolError that names the first issue", async () => {
    const error = await rejection(sent(user, { name: "a", tags: [{ id: "x" }] }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: "ERR_WS_EVENT_INVALID" });
    expect(String(error)).toMatch(/with 1 issue; the first at "tags\.0\.id": .*expected number/);
  });

  test("and that error is under 2 KiB", async () => {
    const issue = { message: "€".repeat(10_000), path: ["€".repeat(10_000)] };
    const schema: Schema = {
      "~standard": { version: 1, vendor: "hand", validate: () => ({ issues: [issue] }) },
    };
    expect(Buffer.byteLength(String(await rejection(sent(schema, 1))))).toBeLessThan(2_048);
  });
});

test("input and output types are the schema's", async () => {
  expectTypeOf<InferInput<typeof answer>>().toEqualTypeOf<string>();
  expectTypeOf<InferOutput<typeof answer>>().toEqualTypeOf<boolean>();
  expectTypeOf<InferInput<typeof user>>().toEqualTypeOf<{
    name: string;
    tags?: { id: number }[] | undefined;
  }>();
  const received = await validateReceived(user, { name: "a" });
  expectTypeOf(received).toEqualTypeOf<{ name: string; tags: { id: number }[] }>();
});

describe("what is no schema", () => {
  test.each([
    ["undefined", undefined],
    ["null", null],
    ["object", { signal: undefined }],
    ["object", { "~standard": {} }],
  ])("%s is refused with the likely mistake", (got, value) => {
    expect(() => checkSchema("receiveJson", value)).toThrow(
      `receiveJson: expected a schema that speaks Standard Schema (zod 3.24, valibot 1, arktype 2 or newer), got ${got}`,
    );
    expect(() => checkSchema("receiveJson", answer)).not.toThrow();
  });
});

test("a refusal of what is sent names the call, and needs no issue", async () => {
  const refusing: Schema = { "~standard": { version: 1, vendor: "hand", validate: () => ({ issues: [] }) } };
  const error = await rejection(
    Promise.resolve().then(() => validateSent(refusing, 1, "reply: expected a result")),
  );
  expect(error).toEqual(
    new ProtocolError("ERR_WS_EVENT_INVALID", "reply: expected a result, got one with 0 issues"),
  );
});
