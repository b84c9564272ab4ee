import type { Schema } from "@ws/contract";
import { checkSchema, parseJson, validateReceived } from "@ws/contract/validation";
import { InvalidMessage, ProtocolError, type WebSocketReceiveEvent } from "@ws/events";
import type { JsonOptions } from "./options.js";

/** Decodes a message. It rejects or throws for a message of another type than was asked for. */
export type Decode<T> = (message: WebSocketReceiveEvent) => T | Promise<T>;

/** A byte order mark is kept, so that JSON with one stays invalid; RFC 8259 §8.1. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function wrongType(expected: string, got: string): InvalidMessage {
  return new InvalidMessage("ERR_WS_MESSAGE_TYPE", `expected ${expected}, got ${got}`);
}

/** The error for a view that waits for messages before the connection was accepted. */
export function notAccepted(): ProtocolError {
  return new ProtocolError(
    "ERR_WS_EVENT_ORDER",
    "expected a connection that was accepted, got one that is connecting. Likely mistake: await accept() first.",
  );
}

/** @throws {InvalidMessage} `ERR_WS_MESSAGE_TYPE` for a binary message. */
export function textOf({ text, bytes }: WebSocketReceiveEvent): string {
  if (text === undefined) throw wrongType("a text", `a binary message of ${bytes.length} bytes`);
  return text;
}

/** @throws {InvalidMessage} `ERR_WS_MESSAGE_TYPE` for a text. */
export function bytesOf({ text, bytes }: WebSocketReceiveEvent): Uint8Array {
  if (bytes === undefined) throw wrongType("a binary message", `a text of ${text.length} characters`);
  return bytes;
}

export function payloadOf({ text, bytes }: WebSocketReceiveEvent): string | Uint8Array {
  return text ?? bytes;
}

/** The text of a binary message. It throws as `bytesOf` and `decodeUtf8` do. */
export function utf8Of(message: WebSocketReceiveEvent): string {
  return decodeUtf8(bytesOf(message));
}

/**
 * Reads JSON from what `source` gives, and validates it where there is a schema.
 *
 * @throws {TypeError} for a value that is no schema.
 */
export function jsonDecoder(
  caller: string,
  source: (message: WebSocketReceiveEvent) => string,
  schema: Schema | undefined,
  options: JsonOptions | undefined,
): Decode<unknown> {
  if (schema !== undefined) checkSchema(caller, schema);
  return (message) => {
    const value = parseJson(source(message), options);
    return schema === undefined ? value : validateReceived(schema, value);
  };
}

/** @throws {InvalidMessage} `ERR_WS_MESSAGE_JSON` for bytes that are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InvalidMessage(
      "ERR_WS_MESSAGE_JSON",
      `expected JSON in UTF-8, got ${bytes.length} bytes of none`,
    );
  }
}
