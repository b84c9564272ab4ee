import { z } from "zod";
import { isSendableCloseCode, maxReasonBytes } from "./errors/close-code.js";
import { ProtocolError } from "./errors/protocol-error.js";
import type {
  HttpDisconnectEvent,
  HttpRequestEvent,
  HttpResponseBodyEvent,
  HttpResponseStartEvent,
  LifespanShutdownCompleteEvent,
  LifespanShutdownEvent,
  LifespanShutdownFailedEvent,
  LifespanStartupCompleteEvent,
  LifespanStartupEvent,
  LifespanStartupFailedEvent,
  ReceiveEvent,
  SendEvent,
  WebSocketAcceptEvent,
  WebSocketCloseEvent,
  WebSocketConnectEvent,
  WebSocketDisconnectEvent,
  WebSocketReceiveEvent,
  WebSocketResponseBodyEvent,
  WebSocketResponseStartEvent,
  WebSocketSendEvent,
} from "./model/event.js";
import type {
  Address,
  DrainingExtension,
  Extensions,
  HeaderList,
  LogError,
  WebSocketScope,
} from "./model/scope.js";
import type { OnFailedCall } from "./model/tracked-promise.js";
import { type HeaderPlace, headersProblem, isToken } from "./request/header.js";
import { receiveEventProblem, sendEventProblem } from "./rules/structure.js";

// The compiler compares each schema with its interface (`z.ZodType<Interface>`), and a property test compares it with the
// structural checks of ./structure.ts. Unknown keys pass through. `.readonly()` is not used: it freezes the value, even
// where that is refused, and throws where the value cannot be frozen.

const text = z.string().refine((value) => value.isWellFormed(), "expected Unicode, got a lone surrogate");
const bytes = z.instanceof(Uint8Array);
const absent = z.undefined().optional();
const status = (lowest: number) => z.int().min(lowest).max(599);

const reason = text.refine(
  (value) => new TextEncoder().encode(value).length <= maxReasonBytes,
  `expected at most ${maxReasonBytes} bytes of UTF-8`,
);

const headerPair = z.tuple([z.string(), z.string()]);

const headers = (place: HeaderPlace): z.ZodType<HeaderList> =>
  z
    .array(headerPair)

    .superRefine((list, context) => {
      const message = headersProblem(list, place);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    });

/** A message: exactly one of text and bytes. */
const message = <Type extends string>(type: Type) =>
  z.union([
    z.looseObject({ type: z.literal(type), text, bytes: absent }),
    z.looseObject({ type: z.literal(type), bytes, text: absent }),
  ]);

const bare = <Type extends string>(type: Type) => z.looseObject({ type: z.literal(type) });

const responseBody = <Type extends string>(type: Type) =>
  z.looseObject({ type: z.literal(type), body: bytes.optional(), moreBody: z.boolean().optional() });

const responseStart = <Type extends string>(type: Type, lowest: number, place: HeaderPlace) =>
  z.looseObject({ type: z.literal(type), status: status(lowest), headers: headers(place).optional() });

const failed = <Type extends string>(type: Type) =>
  z.looseObject({ type: z.literal(type), message: z.string().optional() });

const webSocketConnect: z.ZodType<WebSocketConnectEvent> = bare("websocket.connect");
const webSocketReceive: z.ZodType<WebSocketReceiveEvent> = message("websocket.receive");
const webSocketDisconnect: z.ZodType<WebSocketDisconnectEvent> = z.looseObject({
  type: z.literal("websocket.disconnect"),
  code: z.int().min(1000).max(4999),
  reason: z.string(),
});
const webSocketAccept: z.ZodType<WebSocketAcceptEvent> = z.looseObject({
  type: z.literal("websocket.accept"),
  subprotocol: z.string().refine(isToken, "expected an RFC 9110 token").optional(),
  headers: headers("accept").optional(),
});
const webSocketSend: z.ZodType<WebSocketSendEvent> = message("websocket.send");
const webSocketClose: z.ZodType<WebSocketCloseEvent> = z.looseObject({
  type: z.literal("websocket.close"),
  code: z.number().refine(isSendableCloseCode, "expected 1000-1003, 1007-1014 or 3000-4999").optional(),
  reason: reason.optional(),
});
const webSocketResponseStart: z.ZodType<WebSocketResponseStartEvent> = responseStart(
  "websocket.http.response.start",
  300,
  "denial",
);
const webSocketResponseBody: z.ZodType<WebSocketResponseBodyEvent> = responseBody(
  "websocket.http.response.body",
);
const httpRequest: z.ZodType<HttpRequestEvent> = z.looseObject({
  type: z.literal("http.request"),
  body: bytes,
  moreBody: z.boolean(),
});
const httpDisconnect: z.ZodType<HttpDisconnectEvent> = bare("http.disconnect");
const httpResponseStart: z.ZodType<HttpResponseStartEvent> = responseStart(
  "http.response.start",
  200,
  "response",
);
const httpResponseBody: z.ZodType<HttpResponseBodyEvent> = responseBody("http.response.body");
const lifespanStartup: z.ZodType<LifespanStartupEvent> = bare("lifespan.startup");
const lifespanShutdown: z.ZodType<LifespanShutdownEvent> = bare("lifespan.shutdown");
const startupComplete: z.ZodType<LifespanStartupCompleteEvent> = bare("lifespan.startup.complete");
const startupFailed: z.ZodType<LifespanStartupFailedEvent> = failed("lifespan.startup.failed");
const shutdownComplete: z.ZodType<LifespanShutdownCompleteEvent> = bare("lifespan.shutdown.complete");
const shutdownFailed: z.ZodType<LifespanShutdownFailedEvent> = failed("lifespan.shutdown.failed");

/** An event that an application receives. */
export const receiveEvent: z.ZodType<ReceiveEvent> = z.union([
  webSocketConnect,
  webSocketReceive,
  webSocketDisconnect,
  httpRequest,
  httpDisconnect,
  lifespanStartup,
  lifespanShutdown,
]);

/** An event that an application sends. */
export const sendEvent: z.ZodType<SendEvent> = z.union([
  webSocketAccept,
  webSocketSend,
  webSocketClose,
  webSocketResponseStart,
  webSocketResponseBody,
  httpResponseStart,
  httpResponseBody,
  startupComplete,
  startupFailed,
  shutdownComplete,
  shutdownFailed,
]);

const address: z.ZodType<Address | null> = z
  .looseObject({ host: z.string(), port: z.int().min(0).max(65_535) })
  .nullable();

/** Passed on unchanged: `z.record` would copy it, give it a prototype and refuse a symbol as a key. */
const record = z.custom<Record<string, unknown>>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "expected a record",
);

const signal = z.looseObject({ signal: z.instanceof(AbortSignal) });

const isFunction = (value: unknown): boolean => typeof value === "function";

const extensions: z.ZodType<Extensions> = z.looseObject({
  "websocket.http.response": z.object({}).optional(),
  "websocket.disconnect": signal.optional(),
  "websocket.draining": signal
    .extend({ waitUntil: z.custom<DrainingExtension["waitUntil"]>(isFunction).optional() })
    .optional(),
  "websocket.connection": z
    .looseObject({
      id: z.string(),
      onFailedCall: z.custom<OnFailedCall>(isFunction).optional(),
      logError: z.custom<LogError>(isFunction).optional(),
    })
    .optional(),
});

/** The scope of a WebSocket connection. */
export const webSocketScope: z.ZodType<WebSocketScope> = z.looseObject({
  type: z.literal("websocket"),
  asgi: z.looseObject({ version: z.literal("3.0"), specVersion: z.enum(["2.5", "2.0"]) }),
  httpVersion: z.enum(["1.1", "2"]),
  scheme: z.enum(["ws", "wss"]),
  path: z.string(),
  rawPath: z.string(),
  queryString: z.string(),
  rootPath: z.string(),
  headers: z.array(headerPair),
  client: address,
  server: address,
  subprotocols: z.array(z.string()),
  state: record,
  extensions,
  pathParams: record.optional(),
});

/** The structural check describes the problem in one line, because zod's own error grows with the value. */
function parse<Event>(schema: z.ZodType<Event>, problem: string | undefined, value: unknown): Event {
  if (problem !== undefined) throw new ProtocolError("ERR_WS_EVENT_INVALID", problem);
  return schema.parse(value);
}

/**
 * Validates an event from outside, and returns a copy of it with unknown keys.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID`, with the first problem.
 */
export function parseReceiveEvent(value: unknown): ReceiveEvent {
  return parse(receiveEvent, receiveEventProblem(value), value);
}

/**
 * Validates an event from outside, and returns a copy of it with unknown keys.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_INVALID`, with the first problem.
 */
export function parseSendEvent(value: unknown): SendEvent {
  return parse(sendEvent, sendEventProblem(value), value);
}
