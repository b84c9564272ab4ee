import { subscribe } from "node:diagnostics_channel";
import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Clock } from "../../session/timing/clock.js";

/** What Node publishes for every request of its `http` servers. */
interface RequestStart {
  readonly socket: Duplex;
  readonly response: ServerResponse;
  readonly server: object;
}

/** The servers whose sockets we may be given. */
const watched: WeakSet<object> = new WeakSet();
/** The responses that a socket still owes its client, in order. */
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
 * Counts the responses of a server from now on. It reads a diagnostics channel, since a `request` listener would miss
 * what goes to `checkContinue`, and would change what the server's owner sees.
 */
export function watchResponses(server: object): void {
  watched.add(server);
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe("http.server.request.start", onRequest);
}

/** Whether an earlier request of this socket still awaits the end of its response. */
export function hasResponsesDue(socket: Duplex): boolean {
  return (due.get(socket)?.size ?? 0) > 0;
}

/**
 * Waits for the responses that a socket owes, whose order is that of their requests (RFC 9112 §9.3.2), and calls `done`
 * once; at once where there are none. After `limit` ms, `done` is told that it is late: as soon as no response has begun,
 * since what has begun would be cut in two. A socket that closes ends the wait as well.
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
  // Node passes these two events on no more when it gives a socket up: a response would never end, or never time out.
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
    // Whoever else listens to the end of that response comes first.
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
