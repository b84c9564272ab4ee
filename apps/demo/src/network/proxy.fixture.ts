import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** What a proxy does with the connections through it. */
export type Fault = "reset" | "end" | "stall" | "stall-in" | "stall-out";

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** A TCP proxy on 127.0.0.1 that harms the connections through it by name. */
export class TcpProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** The ports of the servers; each connection goes to the next one. */
  readonly #ports: readonly number[];
  #next = 0;
  /** Connections are refused while it is down. */
  isDown = false;
  /** How many connections were made through it. */
  connections = 0;
  #onConnection: (() => void) | undefined;
  /** A connection is reset after so many bytes to the client. */
  bytesOut: number = Number.POSITIVE_INFINITY;

  private constructor(ports: readonly number[]) {
    this.#ports = ports;
    this.#server = createServer((client) => this.#take(client));
  }

  static async start(...ports: number[]): Promise<TcpProxy> {
    const proxy = new TcpProxy(ports);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Resolves when the next connection is made. One may wait at a time. */
  nextConnection(): Promise<void> {
    return new Promise((resolve) => {
      this.#onConnection = resolve;
    });
  }

  /** Does that to all connections there are. */
  harm(fault: Fault): void {
    for (const { client, server } of this.#pairs) {
      if (fault === "reset") client.resetAndDestroy();
      else if (fault === "end") client.end();
      if (fault === "stall" || fault === "stall-in") client.removeAllListeners("data").resume();
      if (fault === "stall" || fault === "stall-out") server.removeAllListeners("data").resume();
    }
  }

  #take(client: Socket): void {
    if (this.isDown) {
      client.resetAndDestroy();
      return;
    }
    this.connections += 1;
    this.#onConnection?.();
    const port = this.#ports[this.#next % this.#ports.length] ?? 0;
    this.#next += 1;
    const server = connect(port, "127.0.0.1");
    const pair = { client, server };
    this.#pairs.add(pair);
    let out = 0;
    client.on("data", (chunk) => server.write(chunk));
    server.on("data", (chunk) => {
      out += chunk.length;
      const rest = this.bytesOut - (out - chunk.length);
      client.write(chunk.subarray(0, Math.max(0, Math.min(chunk.length, rest))));
      if (out >= this.bytesOut) client.resetAndDestroy();
    });
    for (const socket of [client, server]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#pairs.delete(pair);
        client.destroy();
        server.destroy();
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client } of this.#pairs) client.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
