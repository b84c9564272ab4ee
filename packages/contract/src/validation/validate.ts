import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidMessage, type MessageIssue, ProtocolError } from "@ws/events";
import type { InferOutput, Schema } from "./schema.js";

/**
 * Refuses a value that is no schema before a message is waited for, so that no message is lost by it.
 *
 * @throws {TypeError} with the caller's name, the value that came and the likely mistake.
 */
export function checkSchema(caller: string, schema: unknown): void {
  const standard = (schema as Partial<Schema> | null | undefined)?.["~standard"];
  if (typeof standard?.validate === "function") return;
  const got = schema === null ? "null" : typeof schema;
  throw new TypeError(
    `${caller}: expected a schema that speaks Standard Schema (zod 3.24, valibot 1, arktype 2 or newer), got ${got}` +
      ' without "~standard". Likely mistake: options in its place; they come second: (undefined, { signal }).',
  );
}

function readIssue(issue: StandardSchemaV1.Issue): MessageIssue {
  const path = (issue.path ?? []).slice(0, 16);
  const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
  return { message: issue.message, path: keys.join(".") };
}

/** Validates synchronously where the schema does; only an asynchronous schema makes a promise. */
function validate<S extends Schema>(
  schema: S,
  value: unknown,
  refuse: (issues: readonly StandardSchemaV1.Issue[]) => Error,
): InferOutput<S> | Promise<InferOutput<S>> {
  const take = (result: StandardSchemaV1.Result<unknown>): InferOutput<S> => {
    if (result.issues !== undefined) throw refuse(result.issues);
    return result.value as InferOutput<S>;
  };
  const result = schema["~standard"].validate(value);
  return "then" in result ? Promise.resolve(result).then(take) : take(result);
}

function count({ length }: readonly StandardSchemaV1.Issue[]): string {
  return length === 1 ? "1 issue" : `${length} issues`;
}

/**
 * Validates a value that a client sent.
 *
 * @throws {InvalidMessage} `ERR_WS_MESSAGE_SCHEMA` with the first issues, but never with the value; or rejects with it.
 */
export function validateReceived<S extends Schema>(
  schema: S,
  value: unknown,
): InferOutput<S> | Promise<InferOutput<S>> {
  return validate(
    schema,
    value,
    (issues) =>
      new InvalidMessage(
        "ERR_WS_MESSAGE_SCHEMA",
        `the message is not what the schema expects: ${count(issues)}`,
        issues.slice(0, 8).map(readIssue),
      ),
  );
}

/**
 * Validates what this application is about to send or publish. `expected` begins the error: it names the call and what the
 * call expected.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID`, or rejects with it. The mistake is ours, and the client never sees the
 *   message.
 */
export function validateSent<S extends Schema>(
  schema: S,
  value: unknown,
  expected = "send: expected a message of the contract",
): InferOutput<S> | Promise<InferOutput<S>> {
  return validate(schema, value, (issues) => {
    const [first] = issues.slice(0, 1).map(readIssue);
    const said = first && `; the first at "${first.path.slice(0, 100)}": ${first.message.slice(0, 400)}`;
    return new ProtocolError(
      "ERR_WS_EVENT_INVALID",
      `${expected}, got one with ${count(issues)}${said ?? ""}`,
    );
  });
}
