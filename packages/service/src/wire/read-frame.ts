import { parseJson } from "@ws/contract/validation";
import { errorCode, type Id, splitBinary, type WireError, wireLimits } from "@ws/contract/wire";
import type { InvalidMessage } from "@ws/events";

/** A frame that a client sent. */
export type IncomingFrame =
  | { readonly kind: "message"; readonly method: string; readonly params: unknown }
  | { readonly kind: "bytes"; readonly method: string; readonly params: Uint8Array }
  | { readonly kind: "request"; readonly id: Id; readonly method: string; readonly params: unknown }
  | { readonly kind: "reply"; readonly id: Id; readonly result: unknown }
  | { readonly kind: "error"; readonly id: Id; readonly error: WireError }
  | { readonly kind: "malformed"; readonly id: Id | null; readonly error: WireError };

type Fields = Readonly<Record<string, unknown>>;

function malformed(code: number, message: string, id: Id | null = null): IncomingFrame {
  return { kind: "malformed", id, error: { code, message } };
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= wireLimits.name;
}

function isId(value: unknown): value is Id {
  return Number.isSafeInteger(value) || isName(value);
}

/** Reads a text frame. It never throws. */
export function readTextFrame(text: string, maxLength: number): IncomingFrame {
  let value: unknown;
  try {
    value = parseJson(text, { maxLength });
  } catch (error) {
    return malformed(errorCode.parse, (error as InvalidMessage).message);
  }
  if (!isRecord(value) || value["jsonrpc"] !== "2.0") {
    return malformed(errorCode.invalidRequest, 'expected one JSON-RPC message, with "jsonrpc":"2.0"');
  }
  return Object.hasOwn(value, "method") ? readCall(value) : readAnswer(value);
}

function readCall(value: Fields): IncomingFrame {
  const { method, params, id } = value;
  const hasId = Object.hasOwn(value, "id");
  if (hasId && !isId(id)) {
    return malformed(errorCode.invalidRequest, "expected an id that is a whole number or a text");
  }
  const idOrNull = hasId ? (id as Id) : null;
  if (!isName(method)) {
    return malformed(
      errorCode.invalidRequest,
      `expected a method of 1 to ${wireLimits.name} characters`,
      idOrNull,
    );
  }
  if (params !== undefined && !isRecord(params)) {
    return malformed(errorCode.invalidParams, "expected params that are an object", idOrNull);
  }
  return idOrNull === null
    ? { kind: "message", method, params }
    : { kind: "request", id: idOrNull, method, params };
}

function readAnswer(value: Fields): IncomingFrame {
  const { id, error } = value;
  const hasResult = Object.hasOwn(value, "result");
  if (!isId(id) || hasResult === isRecord(error)) {
    return malformed(errorCode.invalidRequest, "expected a method, or the id and result or error of a reply");
  }
  if (hasResult) return { kind: "reply", id, result: value["result"] };
  const { code, message, data } = error as Fields;
  const said = typeof message === "string" ? message : "";
  return {
    kind: "error",
    id,
    error: { code: Number.isSafeInteger(code) ? Number(code) : 0, message: said, data },
  };
}

/** Reads a binary frame. */
export function readBinaryFrame(frame: Uint8Array): IncomingFrame {
  const message = splitBinary(frame);
  if (message === undefined) {
    return malformed(errorCode.invalidRequest, "expected a binary frame that begins with a name");
  }
  return { kind: "bytes", method: message.name, params: message.payload };
}
