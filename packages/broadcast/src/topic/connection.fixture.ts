import { Connection } from "@ws/connection";
import { ConnectionClosed, type SendEvent, sentAtOnce, type WebSocketScope } from "@ws/events";

/** A server's end of a connection that does what the test says. */
export class FakeSocket {
  /** The texts that were sent, and the closes as `"close 1013"`. */
  readonly sent: string[] = [];
  readonly #controller = new AbortController();
  /** What the next close gives. */
  closing: () => Promise<void> = () => sentAtOnce;
  /** What the next sends give; left alone, the server keeps up. */
  sending: () => Promise<void> = () => sentAtOnce;

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
    if (event.type !== "websocket.send") return sentAtOnce;
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
      this.sending = () => sentAtOnce;
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
