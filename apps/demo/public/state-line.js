// @ts-check
import { find } from "./dom.js";

/** @typedef {import("@ws/client").State} State */

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

/** @param {import("@ws/client").Down | undefined} down `undefined` where we closed it ourselves */
function describeClose(down) {
  if (down === undefined) return "Closed";
  const { code, reason } = down;
  // What a client adds to a loss is for who writes the page.
  const meaning = code === 1006 ? meanings[code] : reason || meanings[code];
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
   * @param {State} state
   * @param {string} text what to say where it is not closed
   */
  show(state, text) {
    clearInterval(this.#timer);
    const isWaiting = state.phase === "waiting";
    const isClosed = isWaiting || state.phase === "closed";
    this.#line.dataset["phase"] = isClosed ? "closed" : state.phase;
    const now = isClosed ? describeClose(state.down) : text;
    // What is set is announced, also where it is the same as before.
    if (this.#text.textContent !== now) this.#text.textContent = now;
    this.#countdown.hidden = !isWaiting;
    this.#retry.hidden = !isClosed;
    if (!isWaiting) return;
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
