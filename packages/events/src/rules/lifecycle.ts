import { ProtocolError } from "../errors/protocol-error.js";

/** The state of the application's side, by what it has sent. */
export type ApplicationState = "connecting" | "connected" | "denying" | "disconnected";
/** The state of the client's side, by what the application has received. */
export type ClientState = "connecting" | "connected" | "disconnected";

/** The next state; for a body, one state while more is to come and another one after the last part. */
type Target = string | { readonly more: string; readonly last: string };
/** The legal events of each state, and the states to which they lead. */
export type Transitions<State extends string = string> = Readonly<
  Record<State, Readonly<Record<string, Target>>>
>;

/** What an application may send for a WebSocket scope, and when. */
export const sendTransitions = {
  connecting: {
    "websocket.accept": "connected",
    "websocket.close": "disconnected",
    "websocket.http.response.start": "denying",
  },
  denying: {
    "websocket.http.response.body": { more: "denying", last: "disconnected" },
  },
  connected: {
    "websocket.send": "connected",
    "websocket.close": "disconnected",
  },
  disconnected: {},
} as const;

/** What an application receives for a WebSocket scope, and when. */
export const receiveTransitions = {
  connecting: {
    "websocket.connect": "connected",
  },
  connected: {
    "websocket.receive": "connected",
    "websocket.disconnect": "disconnected",
  },
  disconnected: {
    "websocket.disconnect": "disconnected",
  },
} as const;

/** What an application may send for an HTTP scope, and when. */
export const httpSendTransitions = {
  waiting: { "http.response.start": "responding" },
  responding: { "http.response.body": { more: "responding", last: "complete" } },
  complete: {},
} as const;

/** What an application may send for a lifespan scope, and when. */
export const lifespanSendTransitions = {
  starting: { "lifespan.startup.complete": "started", "lifespan.startup.failed": "failed" },
  started: {},
  stopping: { "lifespan.shutdown.complete": "stopped", "lifespan.shutdown.failed": "stopped" },
  failed: {},
  stopped: {},
} as const;

/** The likely mistake behind an event that is out of order, by state and event. */
const likelyMistakes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  connecting: {
    "websocket.send": "a message was sent before the connection was accepted; await accept() first",
    "websocket.http.response.body": "the response's body came before its start",
    "websocket.receive": "a message arrived before websocket.connect",
    "websocket.disconnect": "the connection ended before websocket.connect was given",
  },
  connected: {
    "websocket.accept": "the connection was accepted twice",
    "websocket.http.response.start":
      "a connection that is accepted can't be denied any more; close it instead",
    "websocket.connect": "websocket.connect was given twice",
  },
  denying: {
    "websocket.http.response.start": "the response was started twice",
    "websocket.close": "a denial ends with its last body, not with a close",
  },
  waiting: { "http.response.body": "the response's body came before its start" },
  responding: { "http.response.start": "the response was started twice" },
  complete: { "http.response.body": "the response was already complete; was moreBody forgotten?" },
  started: { "lifespan.startup.complete": "start-up was completed twice" },
};

/** `a`, `a or b`, `a, b or c`. */
function list(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "no event at all";
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** The error for an event that is out of order. Its text is made from the table. */
function outOfOrder(state: string, legal: object, type: string): ProtocolError {
  const expected = list(Object.keys(legal));
  const mistakes = likelyMistakes[state] ?? {};
  const hint = Object.hasOwn(mistakes, type) ? ` Likely mistake: ${mistakes[type]}.` : "";
  const got = type.slice(0, 64);
  return new ProtocolError("ERR_WS_EVENT_ORDER", `While ${state}, expected ${expected}, got ${got}.${hint}`);
}

/**
 * The state after `event`, by one of the tables above.
 *
 * @throws {ProtocolError} `ERR_WS_EVENT_ORDER` where the table has no such event in this state.
 */
export function nextState<State extends string>(
  transitions: Transitions<State>,
  state: State,
  event: { readonly type: string; readonly moreBody?: boolean | undefined },
): State {
  const legal = transitions[state];
  const target = legal[event.type];
  // The prototype of an object has no strings, so no further check is needed. This runs for every message.
  if (typeof target === "string") return target as State;
  if (target === undefined || !Object.hasOwn(legal, event.type)) throw outOfOrder(state, legal, event.type);
  return (event.moreBody === true ? target.more : target.last) as State;
}
