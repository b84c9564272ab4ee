// @ts-check
import { retryDelay } from "./backoff.js";

/**
 * What a socket is doing. `retryAt` is the time of the next attempt, as `Date.now()` has it.
 *
 * @typedef {{ readonly phase: "idle" | "connecting" | "open" }
 *   | { readonly phase: "closed", readonly code: number, readonly reason: string, readonly retryAt: number }
 * } SocketState
 */

/**
 * @typedef {object} SocketListener
 * @property {(state: SocketState) => void} onState
 * @property {(data: string | ArrayBuffer) => void} onMessage
 */

/** A WebSocket that comes back: after each close it waits, longer each time, and connects again until it is stopped. */
export class ReconnectingSocket {
  /** @type {SocketListener} */
  #listener;
  /** @type {WebSocket | undefined} */
  #socket;
  #address = "";
  /** Attempts since the last connection that brought a message: one that only opened proves nothing. */
  #failed = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {SocketListener} listener */
  constructor(listener) {
    this.#listener = listener;
    // The network is back: no need to wait any longer.
    addEventListener("online", () => {
      if (this.#timer !== undefined) this.retry();
    });
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** @param {string} address */
  start(address) {
    this.#address = address;
    this.#failed = 0;
    this.retry();
  }

  /** Connects at once. */
  retry() {
    this.#drop();
    const socket = new WebSocket(this.#address);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#listener.onState({ phase: "open" });
    socket.onmessage = ({ data }) => {
      this.#failed = 0;
      this.#listener.onMessage(data);
    };
    socket.onclose = ({ code, reason }) => this.#wait(code, reason);
    this.#listener.onState({ phase: "connecting" });
  }

  /** Closes, and stays so. */
  stop() {
    this.#drop();
    this.#listener.onState({ phase: "idle" });
  }

  /** @param {string | ArrayBuffer} data */
  send(data) {
    this.#socket?.send(data);
  }

  /**
   * @param {number} code
   * @param {string} reason
   */
  #wait(code, reason) {
    const delay = retryDelay(this.#failed);
    this.#failed += 1;
    this.#timer = setTimeout(() => this.retry(), delay);
    this.#listener.onState({ phase: "closed", code, reason, retryAt: Date.now() + delay });
  }

  /** Forgets the socket at hand; nothing of it is heard any more. */
  #drop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(1000);
  }
}
