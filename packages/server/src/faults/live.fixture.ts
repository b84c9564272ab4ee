import type { Socket } from "node:net";
import type { Application, ReceiveEvent, SendEvent } from "@ws/events";
import { onTestFinished } from "vitest";
import type { ServeOptions } from "../options/options.js";
import { dial, handshake, KeptLog, portOf, readUntil, webSocket } from "../raw.fixture.js";
import { type Server, serve } from "../serve.js";

/** A server with a client of raw bytes that it has accepted. */
export interface Opened {
  readonly server: Server;
  readonly logger: KeptLog;
  readonly socket: Socket;
}

export async function running(
  application: Application,
  options: ServeOptions = {},
): Promise<Omit<Opened, "socket">> {
  const logger = new KeptLog();
  const server = await serve(application, { port: 0, logger, ...options });
  onTestFinished(() => server.close({ grace: 50 }));
  return { server, logger };
}

export async function opened(application: Application, options: ServeOptions = {}): Promise<Opened> {
  const { server, logger } = await running(application, options);
  return { server, logger, socket: await entered(server) };
}

/** A client that is let in. */
export async function entered(server: Server): Promise<Socket> {
  const socket = await dial(portOf(server));
  socket.write(handshake());
  await readUntil(socket, "\r\n\r\n");
  return socket;
}

/** A masked frame with a key of zeros, of less than 126 bytes. RFC 6455 §5.2. */
export function frame(first: number, payload: Uint8Array | string): Buffer {
  const data = Buffer.from(payload);
  return Buffer.concat([Buffer.from([first, 0x80 | data.length, 0, 0, 0, 0]), data]);
}

/** A close frame of 1000. */
export const closeFrame: Buffer = frame(0x88, Buffer.from([0x03, 0xe8]));

/** All that comes until the end. */
export async function rest(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** What an application received, from after the connect to its disconnect. */
export interface Recorded {
  readonly application: Application;
  readonly received: ReceiveEvent[];
  /** Resolves with the disconnect. */
  readonly ended: Promise<ReceiveEvent>;
}

/** An application that accepts, sends `events` without waiting, and receives until the end, once `go` says so. */
export function recorded(
  events: readonly SendEvent[] = [],
  go: Promise<unknown> = Promise.resolve(),
): Recorded {
  const received: ReceiveEvent[] = [];
  let onEnd!: (event: ReceiveEvent) => void;
  const ended = new Promise<ReceiveEvent>((resolve) => {
    onEnd = resolve;
  });
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    for (const event of events) void send(event);
    await go;
    for (;;) {
      const event = await receive();
      received.push(event);
      if (event.type === "websocket.disconnect") return onEnd(event);
    }
  });
  return { application, received, ended };
}
