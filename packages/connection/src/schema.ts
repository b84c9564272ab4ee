import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidMessage, type MessageIssue, ProtocolError } from "@ws/events";

/** Any validator that speaks Standard Schema: zod, valibot, arktype … */
export type Schema<Input = unknown, Output = Input> = StandardSchemaV1<Input, Output>;
export type InferInput<S extends Schema> = StandardSchemaV1.InferInput<S>;
export type InferOutput<S extends Schema> = StandardSchemaV1.InferOutput<S>;

function readIssue(issue: StandardSchemaV1.Issue): MessageIssue {
  const path = (issue.path ?? []).slice(0, 16);
  const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
  return { message: issue.message, path: keys.join(".") };
}

/**
 * Validates what a client sent.
 *
 * @throws {InvalidMessage} `ERR_WS_MESSAGE_SCHEMA` with the first issues, never the value.
 */
export async function validateReceived<S extends Schema>(schema: S, value: unknown): Promise<InferOutput<S>> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return result.value as InferOutput<S>;
  const issues = result.issues.slice(0, 8).map(readIssue);
  throw new InvalidMessage(
    "ERR_WS_MESSAGE_SCHEMA",
    `the message is not what the schema expects: ${result.issues.length} issues`,
    issues,
  );
}

/**
 * Validates what this application is about to send.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID`: the fault is ours, and the client never sees the message.
 */
export async function validateSent<S extends Schema>(schema: S, value: unknown): Promise<InferOutput<S>> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return result.value as InferOutput<S>;
  const [first] = result.issues.slice(0, 1).map(readIssue);
  throw new ProtocolError(
    "ERR_WS_EVENT_INVALID",
    `send: expected a message of the contract, got one with ${result.issues.length} issues;` +
      ` the first at "${first?.path.slice(0, 100)}": ${first?.message.slice(0, 400)}`,
  );
}
