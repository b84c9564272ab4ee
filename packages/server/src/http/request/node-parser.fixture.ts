import { createServer, type IncomingMessage, type Server } from "node:http";
import { Duplex } from "node:stream";

/** An upgrade as Node's server tells it. */
export interface Upgrade {
  readonly request: IncomingMessage;
  /** What came behind its head. */
  readonly head: Buffer;
}

/** Reads heads with Node's own HTTP server, on streams in memory. */
export class NodeParser {
  readonly #server: Server = createServer({ maxHeaderSize: 16_384 }, (request) => request.socket.destroy());
  #upgrade: Upgrade | undefined;

  constructor() {
    this.#server.on("upgrade", (request, _socket, head) => {
      this.#upgrade = { request, head };
    });
    this.#server.on("connect", (_request, socket) => socket.destroy());
    this.#server.on("clientError", (_error, socket) => socket.destroy());
  }

  /** What it makes of these bytes; `undefined` where that is no upgrade. */
  async read(bytes: Buffer): Promise<Upgrade | undefined> {
    this.#upgrade = undefined;
    const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
    this.#server.emit("connection", stream);
    stream.push(bytes);
    await new Promise((resolve) => setImmediate(resolve));
    stream.destroy();
    return this.#upgrade;
  }
}
