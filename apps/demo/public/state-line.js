// @ts-check
import { find } from "./dom.js";

/** @typedef {import("./reconnecting-socket.js").SocketState} SocketState */

/** What a close code means, in a few words. RFC 6455 §7.4.1. @type {Readonly<Record<number, string>>} */
const meanings = {
  1000: "normal",
  1001: "going away",
  1005: "no code given",
  1006: "connection lost",
  1007: "bad data",
  1008: "against the rules",
  1009: "message too big",
  1011: "server error",
  1012: "service restart",
  1013: "try again later",
};

/** @param {{ readonly code: number, readonly reason: string }} closed */
function describeClose({ code, reason }) {
  const meaning = reason || meanings[code];
  return meaning ? `Closed, ${code} ${meaning}` : `Closed, ${code}`;
}

/**
 * The line that says how a connection is: a dot, a text that is announced, a countdown that is not, and a button to
 * connect without waiting for it.
 */
export class StateLine {
  #line;
  #text;
  #countdown;
  #retry;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {ParentNode} section
   * @param {() => void} onRetry
   */
  constructor(section, onRetry) {
    this.#line = find(section, ".state", HTMLElement);
    this.#text = find(section, ".state-text", HTMLElement);
    this.#countdown = find(section, ".countdown", HTMLElement);
    this.#retry = find(section, ".retry", HTMLButtonElement);
    this.#retry.addEventListener("click", onRetry);
  }

  /**
   * @param {SocketState} state
   * @param {string} text what to say in a phase other than closed
   */
  show(state, text) {
    clearInterval(this.#timer);
    const isClosed = state.phase === "closed";
    this.#line.dataset["phase"] = state.phase;
    this.#text.textContent = isClosed ? describeClose(state) : text;
    this.#countdown.hidden = !isClosed;
    this.#retry.hidden = !isClosed;
    if (!isClosed) return;
    const tick = () => this.#count(state.retryAt - Date.now());
    this.#timer = setInterval(tick, 200);
    tick();
  }

  /** @param {number} left in ms */
  #count(left) {
    const seconds = Math.max(1, Math.ceil(left / 1000));
    this.#countdown.textContent = `again in ${seconds} s`;
  }
}
