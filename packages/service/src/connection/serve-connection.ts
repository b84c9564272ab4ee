import type { Connection } from "@ws/connection";
import type { PathParams } from "@ws/contract";
import { subprotocol, wireLimits } from "@ws/contract/wire";
import { CloseCode, type ReceiveEvent } from "@ws/events";
import type { Service } from "../channel/service.js";
import { quietly } from "../wire/quietly.js";
import { readBinaryFrame, readTextFrame } from "../wire/read-frame.js";
import type { WorkQueue } from "../wire/work-queue.js";
import { notificationFrame } from "../wire/write-frame.js";
import { ChannelConnection } from "./channel-connection.js";
import { onDrain } from "./on-drain.js";
import { authOf, expiryOf } from "./session-user.js";

/** Serves one client of a channel, from its handshake until everything that it asked for is done. */
export async function serveConnection(
  service: Service,
  socket: Connection<unknown>,
  params: PathParams,
): Promise<void> {
  const isOffered = socket.subprotocols.includes(subprotocol);
  // A client that offers only other protocols would not understand ours. One that offers none may speak JSON-RPC.
  if (!isOffered && socket.subprotocols.length > 0) return await socket.deny({ status: 400 });
  await socket.accept(isOffered ? { subprotocol } : {});
  const connection = new ChannelConnection(service, socket, params);
  const undrain = isOffered ? greet(service, socket, connection.work) : undefined;
  try {
    if (await opened(service, socket, connection)) await read(service, socket, connection);
  } finally {
    undrain?.();
    connection.end(socket.signal.reason);
  }
  // What was received is handled to its end. Requests with a key continue, because the client will ask for their replies.
  while (!connection.work.isIdle) await connection.work.changed();
}

/** Sends the hello, and later the message that the server drains. It returns the function that stops this. */
function greet({ limits }: Service, socket: Connection<unknown>, work: WorkQueue): () => void {
  const { maxMessage } = limits;
  const hello = { maxMessage, ...expiryOf(authOf(socket)), topics: wireLimits.topics };
  const tell = (method: string, params: object): void => {
    void quietly(socket.sendText(notificationFrame(method, params)));
  };
  tell("$/hello", hello);
  return onDrain(socket, work, (within) => tell("$/drain", { within }));
}

/** Calls the application's `opened`; false where it failed, and the connection was closed because of that. */
async function opened(
  { opened: open }: Service,
  socket: Connection<unknown>,
  connection: ChannelConnection,
): Promise<boolean> {
  try {
    await open?.(connection.context(socket.signal));
    return true;
  } catch (error) {
    connection.failed(error, "opened");
    await quietly(socket.close(CloseCode.InternalError));
    return false;
  }
}

/** Reads until the connection ends. It stops reading while too much work is waiting. */
async function read(
  { limits }: Service,
  socket: Connection<unknown>,
  connection: ChannelConnection,
): Promise<void> {
  for (;;) {
    while (connection.work.isFull) await connection.work.changed();
    const event: ReceiveEvent = await socket.receive();
    if (event.type !== "websocket.receive") return;
    const { text, bytes } = event;
    const pause =
      text === undefined
        ? connection.take(readBinaryFrame(bytes), bytes.length)
        : connection.take(readTextFrame(text, limits.maxMessage), text.length);
    if (pause !== undefined) await pause;
  }
}
