import type { InferInput, Schema } from "@ws/contract";
import { validateSent } from "@ws/contract/validation";

type Result = Awaited<ReturnType<Schema["~standard"]["validate"]>>;

/** A message that was read. */
export interface Read {
  /** The value that the schema returned. */
  readonly value: unknown;
}

/**
 * Validates a message that this process is about to publish; a promise where the schema is asynchronous. The message is
 * published as it was given, and not as the schema returns it.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID`: the mistake is ours, and nobody gets the message.
 */
export function checkPublished<S extends Schema>(schema: S, message: InferInput<S>): void | Promise<void> {
  const valid = validateSent(schema, message, "publish: expected a message of the topic's schema");
  return valid instanceof Promise ? valid.then(() => {}) : undefined;
}

function readOf(result: Result): Read | undefined {
  return result.issues === undefined ? { value: result.value } : undefined;
}

/** Reads a payload; `undefined` where it is no JSON or does not match the schema. It never throws. */
export function readPayload(schema: Schema, payload: string): Read | undefined | Promise<Read | undefined> {
  try {
    const result = schema["~standard"].validate(JSON.parse(payload));
    if (!(result instanceof Promise)) return readOf(result);
    return result.then(readOf, () => undefined);
  } catch {
    // It is no JSON, or the schema threw instead of returning issues.
    return undefined;
  }
}
