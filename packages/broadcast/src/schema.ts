import type { InferInput, Schema } from "@ws/connection";
import { ProtocolError } from "@ws/events";

type Result = Awaited<ReturnType<Schema["~standard"]["validate"]>>;
type Issue = NonNullable<Result["issues"]>[number];

/** A message that was read. */
export interface Read {
  /** What the schema made of it. */
  readonly value: unknown;
}

/** Where in the message, as keys joined by dots. */
function placeOf({ path = [] }: Issue): string {
  const keys = path.slice(0, 16).map((part) => String(typeof part === "object" ? part.key : part));
  return keys.join(".").slice(0, 100);
}

function checked(result: Result): void {
  if (result.issues === undefined) return;
  const [first] = result.issues;
  const said = first && `; the first at "${placeOf(first)}": ${first.message.slice(0, 400)}`;
  throw new ProtocolError(
    "ERR_WS_EVENT_INVALID",
    `publish: expected a message of the topic's schema, got one with ${result.issues.length} issues${said}`,
  );
}

/**
 * Validates what this process is about to publish; a promise where the schema takes its time.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID`: the fault is ours, and nobody sees the message.
 */
export function checkPublished<S extends Schema>(schema: S, message: InferInput<S>): void | Promise<void> {
  const result = schema["~standard"].validate(message);
  return result instanceof Promise ? result.then(checked) : checked(result);
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
