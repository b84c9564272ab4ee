import { Connection } from "@ws/connection";
import { ConnectionClosed, type SendEvent, type WebSocketScope } from "@ws/events";
import { z } from "zod";
import { memory } from "../engines/memory/engine.js";
import { createBroadcast } from "./broadcast.js";

const done: Promise<void> = Promise.resolve();

/** A server's end of a connection that does what the test says. */
export class FakeSocket {
  /** The texts that were sent, and the closes as `"close 1013"`. */
  readonly sent: string[] = [];
  readonly #controller = new AbortController();
  /** What the next close gives. */
  closing: () => Promise<void> = () => done;
  /** What the next sends give; left alone, the server keeps up. */
  sending: () => Promise<void> = () => done;

  readonly scope: WebSocketScope = {
    type: "websocket",
    asgi: { version: "3.0", specVersion: "2.5" },
    httpVersion: "1.1",
    scheme: "ws",
    path: "/",
    rawPath: "/",
    queryString: "",
    rootPath: "",
    headers: [],
    client: null,
    server: null,
    subprotocols: [],
    state: {},
    extensions: { "websocket.disconnect": { signal: this.#controller.signal } },
  };

  readonly send = (event: SendEvent): Promise<void> => {
    if (event.type === "websocket.close") {
      this.sent.push(`close ${event.code}`);
      this.end(event.code);
      return this.closing();
    }
    if (event.type !== "websocket.send") return done;
    const sending = this.sending();
    this.sent.push(String(event.text));
    return sending;
  };

  /** Ends the connection, as a client that leaves does. */
  end(code = 1006): void {
    this.#controller.abort(new ConnectionClosed({ code, reason: "", wasClean: false, initiator: "network" }));
  }

  /** From now on sends wait; gives the function that lets them go on. */
  stall(): () => void {
    let open!: () => void;
    const waiting = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.sending = () => waiting;
    return () => {
      this.sending = () => done;
      open();
    };
  }
}

/** A connection that was accepted. */
export async function connected(): Promise<{ readonly connection: Connection; readonly socket: FakeSocket }> {
  const socket = new FakeSocket();
  const connection = new Connection(socket.scope, async () => ({ type: "websocket.connect" }), socket.send);
  await connection.accept();
  return { connection, socket };
}

/**
 * Sends to one of these connections until members know by which promise they keep up. Before that, the second message of
 * a turn waits for the first to be seen as sent.
 */
export async function warmUp(): Promise<void> {
  await using broadcast = createBroadcast({ engine: memory() });
  const topic = broadcast.topic("t", z.number());
  const { connection } = await connected();
  topic.join(connection);
  for (let count = 0; count < 2; count += 1) await topic.publish(count);
}
