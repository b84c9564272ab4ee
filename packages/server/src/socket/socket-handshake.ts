import type { Duplex } from "node:stream";
import { type HeaderList, headerValues } from "@ws/events";
import { handshakeResponse } from "@ws/protocol";
import type { Handshake, OpenSocket, TransportListener } from "../session/transport.js";
import { FrameSocket } from "./frame-socket.js";
import type { PendingSocket } from "./pending-socket.js";
import type { SocketSettings } from "./socket-settings.js";

/** A handshake on a Node socket that has been checked and waits for its answer. */
export class SocketHandshake implements Handshake {
  readonly #pending: PendingSocket;
  readonly #headers: HeaderList;
  readonly #settings: SocketSettings;
  #listener: TransportListener | undefined;

  /** `headers` are those of the request. */
  constructor(pending: PendingSocket, headers: HeaderList, settings: SocketSettings) {
    this.#pending = pending;
    this.#headers = headers;
    this.#settings = settings;
  }

  get buffered(): number {
    const { socket } = this.#pending;
    return socket.writable ? socket.writableLength : Number.POSITIVE_INFINITY;
  }

  listen(listener: TransportListener): void {
    this.#listener = listener;
    this.#pending.listen(listener);
  }

  accept(subprotocol: string | undefined, headers: HeaderList): OpenSocket | undefined {
    const early = this.#pending.take();
    const listener = this.#listener;
    if (early === undefined || listener === undefined) return undefined;
    const { socket } = this.#pending;
    if (!socket.readable) return this.#fail(socket, listener);
    const agreement = this.#settings.deflate?.accept(this.#headers);
    const key = String(headerValues(this.#headers, "sec-websocket-key")[0]);
    const extensions = agreement?.header;
    socket.write(handshakeResponse({ key, subprotocol, extensions, headers }), "latin1");
    return new FrameSocket({ socket, early, listener, settings: this.#settings, agreement });
  }

  refuse(status: number, headers: HeaderList): void {
    this.#pending.refuse(status, headers);
  }

  respond(status: number, headers: HeaderList): void {
    this.#pending.respond(status, headers);
  }

  respondBody(body: Uint8Array, more: boolean): void {
    this.#pending.respondBody(body, more);
  }

  terminate(): void {
    this.#pending.socket.destroy();
  }

  /** The client has ended its side of the stream in the turn of the answer, which nobody could notice before. */
  #fail(socket: Duplex, listener: TransportListener): undefined {
    socket.once("close", () => listener.released());
    socket.destroy();
  }
}
