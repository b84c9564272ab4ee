import { isSendableCloseCode, maxReasonBytes } from "../errors/close-code.js";
import type { ReceiveEvent, SendEvent } from "../model/event.js";
import { type HeaderPlace, headersProblem, isToken } from "../request/header.js";

/** Says what is wrong with an event whose `type` is known; `undefined` where nothing is. */
type Check = (event: Readonly<Record<string, unknown>>) => string | undefined;

const encoder = new TextEncoder();

/** The kind of a value, in a few words of bounded length. The value itself is never quoted. */
function kind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return `a string of ${value.length}`;
  return typeof value === "number" ? String(value) : typeof value;
}

const nothing: Check = () => undefined;

const payload: Check = ({ text, bytes }) => {
  if (text !== undefined) {
    if (bytes !== undefined) return "expected exactly one of text and bytes, got both";
    if (typeof text !== "string") return `text: expected a string, got ${kind(text)}`;
    return text.isWellFormed() ? undefined : "text: expected Unicode, got a lone surrogate";
  }
  if (bytes instanceof Uint8Array) return undefined;
  if (bytes === undefined) return "expected exactly one of text and bytes, got neither";
  return `bytes: expected a Uint8Array, got ${kind(bytes)}`;
};

const accept: Check = ({ subprotocol, headers }) => {
  if (subprotocol !== undefined && (typeof subprotocol !== "string" || !isToken(subprotocol))) {
    return "subprotocol: expected an RFC 9110 token";
  }
  return headersProblem(headers, "accept");
};

/** What is wrong with a close reason; `undefined` where nothing is. */
function reasonProblem(reason: unknown): string | undefined {
  if (reason === undefined) return undefined;
  if (typeof reason !== "string") return `reason: expected a string, got ${kind(reason)}`;
  if (!reason.isWellFormed()) return "reason: expected Unicode, got a lone surrogate";
  if (reason.length * 3 <= maxReasonBytes) return undefined;
  const bytes = encoder.encode(reason).length;
  if (bytes <= maxReasonBytes) return undefined;
  return `reason: expected at most ${maxReasonBytes} bytes of UTF-8, got ${bytes}`;
}

const close: Check = ({ code, reason }) => {
  if (code !== undefined && (typeof code !== "number" || !isSendableCloseCode(code))) {
    return `code: expected 1000-1003, 1007-1014 or 3000-4999, got ${kind(code)}`;
  }
  return reasonProblem(reason);
};

const disconnect: Check = ({ code, reason }) => {
  if (typeof code !== "number" || !Number.isInteger(code) || code < 1000 || code > 4999) {
    return `code: expected a close code, got ${kind(code)}`;
  }
  return typeof reason === "string" ? undefined : `reason: expected a string, got ${kind(reason)}`;
};

const responseStart =
  (lowest: number, place: HeaderPlace): Check =>
  ({ status, headers }) => {
    const legal = typeof status === "number" && Number.isInteger(status) && status >= lowest && status <= 599;
    return legal ? headersProblem(headers, place) : `status: expected ${lowest}-599, got ${kind(status)}`;
  };

const body: Check = ({ body, moreBody }) => {
  if (body !== undefined && !(body instanceof Uint8Array)) {
    return `body: expected a Uint8Array, got ${kind(body)}`;
  }
  if (moreBody === undefined || typeof moreBody === "boolean") return undefined;
  return `moreBody: expected a boolean, got ${kind(moreBody)}`;
};

const requestBody: Check = (event) => {
  if (event["body"] === undefined) return "body: expected a Uint8Array, got undefined";
  if (event["moreBody"] === undefined) return "moreBody: expected a boolean, got undefined";
  return body(event);
};

const failed: Check = ({ message }) =>
  message === undefined || typeof message === "string"
    ? undefined
    : `message: expected a string, got ${kind(message)}`;

const sendChecks: ReadonlyMap<unknown, Check> = new Map<SendEvent["type"], Check>([
  ["websocket.send", payload],
  ["websocket.accept", accept],
  ["websocket.close", close],
  ["websocket.http.response.start", responseStart(300, "denial")],
  ["websocket.http.response.body", body],
  ["http.response.start", responseStart(200, "response")],
  ["http.response.body", body],
  ["lifespan.startup.complete", nothing],
  ["lifespan.startup.failed", failed],
  ["lifespan.shutdown.complete", nothing],
  ["lifespan.shutdown.failed", failed],
]);

const receiveChecks: ReadonlyMap<unknown, Check> = new Map<ReceiveEvent["type"], Check>([
  ["websocket.receive", payload],
  ["websocket.connect", nothing],
  ["websocket.disconnect", disconnect],
  ["http.request", requestBody],
  ["http.disconnect", nothing],
  ["lifespan.startup", nothing],
  ["lifespan.shutdown", nothing],
]);

/** The first problem of `value`. Only the fields of the event that it names are read. */
function findProblem(checks: ReadonlyMap<unknown, Check>, value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return `expected an event object, got ${kind(value)}`;
  }
  const event = value as Readonly<Record<string, unknown>>;
  const check = checks.get(event["type"]);
  if (check === undefined) {
    const type = event["type"];
    const got = typeof type === "string" ? `"${type.slice(0, 64)}"` : kind(type);
    return `type: expected one of ${[...checks.keys()].join(", ")}, got ${got}`;
  }
  const found = check(event);
  return found === undefined ? undefined : `${String(event["type"])}: ${found}`;
}

/** It never throws: an event whose getter or proxy throws is an invalid event. */
function problem(checks: ReadonlyMap<unknown, Check>, value: unknown): string | undefined {
  try {
    return findProblem(checks, value);
  } catch {
    return "expected an event object, got one whose fields can't be read";
  }
}

/**
 * What is wrong with `value` as an event to send, in one line of bounded length; `undefined` where nothing is. It is cheap
 * for a valid event, so that it can run for each of them.
 */
export function sendEventProblem(value: unknown): string | undefined {
  return problem(sendChecks, value);
}

/** What is wrong with `value` as an event to receive; `undefined` where nothing is. */
export function receiveEventProblem(value: unknown): string | undefined {
  return problem(receiveChecks, value);
}

/** Whether `value` has the shape of an event that an application may send. Extra keys don't matter. */
export function isSendEvent(value: unknown): value is SendEvent {
  return sendEventProblem(value) === undefined;
}

/** Whether `value` has the shape of an event that an application may receive. Extra keys don't matter. */
export function isReceiveEvent(value: unknown): value is ReceiveEvent {
  return receiveEventProblem(value) === undefined;
}
