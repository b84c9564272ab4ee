import type { InferInput, Schema } from "@ws/contract";
import { validateSent } from "@ws/contract/validation";

type Result = Awaited<ReturnType<Schema["~standard"]["validate"]>>;

/** A message that was read. */
export interface Read {
  /** What the schema made of it. */
  readonly value: unknown;
}

/**
 * Validates what this process is about to publish; a promise where the schema takes its time. What is published is the message
 * as it was given.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID`: the fault is ours, and nobody sees the message.
 */
export function checkPublished<S extends Schema>(schema: S, message: InferInput<S>): void | Promise<void> {
  const valid = validateSent(schema, message, "publish: expected a message of the topic's schema");
  return valid instanceof Promise ? valid.then(() => {}) : undefined;
}

function readOf(result: Result): Read | undefined {
  return result.issues === undefined ? { value: result.value } : undefined;
}

/** Reads a payload; `undefined` for what is no JSON or against the schema. Never throws. */
export function readPayload(schema: Schema, payload: string): Read | undefined | Promise<Read | undefined> {
  try {
    const result = schema["~standard"].validate(JSON.parse(payload));
    if (!(result instanceof Promise)) return readOf(result);
    return result.then(readOf, () => undefined);
  } catch {
    // No JSON, or a schema that throws at a message instead of judging it.
    return undefined;
  }
}
