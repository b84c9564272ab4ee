import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "../../session/timing/clock.js";

/** The message that Node publishes for every request of its `http` servers. */
interface RequestStart {
  readonly socket: Duplex;
  readonly response: ServerResponse;
  readonly server: object;
}

/** The servers whose responses are counted. */
const watched: WeakSet<object> = new WeakSet();
/** The responses that are due on a socket, in order. */
const due: WeakMap<Duplex, Set<ServerResponse>> = new WeakMap();
let isSubscribed = false;

function onRequest(message: unknown): void {
  const { socket, response, server } = message as RequestStart;
  if (!watched.has(server)) return;
  const responses = due.get(socket) ?? new Set();
  due.set(socket, responses.add(response));
  response.once("close", () => responses.delete(response));
}

/**
 * Begins to count the responses of a server. It subscribes to a diagnostics channel, because a listener to `request` would
 * miss the requests that go to `checkContinue`, and would change what the owner of the server sees.
 */
export function watchResponses(server: object): void {
  watched.add(server);
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe("http.server.request.start", onRequest);
}

/** Whether the response to an earlier request on this socket is still incomplete. */
export function hasResponsesDue(socket: Duplex): boolean {
  return (due.get(socket)?.size ?? 0) > 0;
}

/**
 * Waits for the responses that are due on a socket, which must come in the order of their requests (RFC 9112 §9.3.2), and
 * calls `done` once; it calls at once where none is due. After `limit` ms it calls `done` with false as soon as no response
 * is half written, because an answer in between would cut that one in two. The wait also ends when the socket closes.
 */
export function awaitResponses(
  socket: Duplex,
  clock: Clock,
  limit: number,
  done: (isInTime: boolean) => void,
): void {
  const responses = due.get(socket) ?? new Set();
  const last = [...responses].at(-1);
  if (last === undefined) return done(true);
  let isInTime = true;
  // When Node gives a socket up it stops passing on these two events. Without them a response could never end, and never
  // time out.
  const onDrain = (): void => {
    for (const response of responses) if (response.writableNeedDrain) response.emit("drain");
  };
  const onTimeout = (): void => {
    const [current] = responses;
    if (current?.emit("timeout", socket) !== true) socket.destroy();
  };
  const stop = (): void => {
    clock.clearTimeout(timer);
    socket.off("drain", onDrain);
    socket.off("timeout", onTimeout);
    socket.off("close", onEnd);
    last.off("close", onEnd);
  };
  const onEnd = (): void => {
    stop();
    // Other listeners to the end of that response come first.
    process.nextTick(done, isInTime);
  };
  const timer = clock.setTimeout(() => {
    isInTime = false;
    if (![...responses].some(({ headersSent }) => headersSent)) onEnd();
  }, limit);
  socket.on("drain", onDrain);
  socket.on("timeout", onTimeout);
  socket.on("close", onEnd);
  last.on("close", onEnd);
}
