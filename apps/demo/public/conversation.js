// @ts-check
import { createClient } from "@ws/client";
import { webSocketAddress } from "./address.js";

/**
 * @typedef {typeof import("../src/chat/contract.js").chat} Channel
 * @typedef {import("@ws/client").State} State
 * @typedef {import("@ws/client").Gap} Gap
 * @typedef {{ readonly name: string, readonly text: string, readonly at: string }} Said
 */

/**
 * @typedef {object} ConversationListener
 * @property {(state: State) => void} onState
 * @property {(name: string) => void} onSeated we have a seat, under that name
 * @property {(problem: string) => void} onRefused there is no seat for us, or not any more
 * @property {(message: Said) => void} onSaid
 * @property {(gap: Gap) => void} onGap
 * @property {() => void} onCaughtUp what was said while we were away has come
 * @property {(names: ReadonlySet<string>) => void} onPresent
 */

/** @type {Readonly<Record<string, string>>} */
const refusals = {
  taken: "Somebody of that name is here already.",
  full: "The room is full.",
};

/** Tells us from others of our name, also after the server was restarted. */
function newSeat() {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A seat in a room, until `leave`: over as many connections as it takes, with nothing missed that can be had. */
export class Conversation {
  /** @type {import("@ws/client").Client<Channel>} */
  #client;
  /** @type {import("@ws/client").Subscription<Said, { name: string }> | undefined} */
  #said;
  #isJoining = false;
  #listener;
  #stopTelling;

  /**
   * @param {{ readonly protocol: string, readonly host: string }} location of the page
   * @param {string} room
   * @param {string} name
   * @param {ConversationListener} listener
   */
  constructor(location, room, name, listener) {
    const who = new URLSearchParams({ name, seat: newSeat() });
    this.#listener = listener;
    this.#client = createClient(webSocketAddress(location, `/chat/${room}/?${who}`));
    this.#stopTelling = this.#client.onState((state) => {
      listener.onState(state);
      if (state.phase === "open") void this.#join();
    });
    void this.#client.connect().catch(() => {});
  }

  /** Whether it reached the room; where that is not known, it is not. @param {string} text */
  async say(text) {
    try {
      await this.#client.request("say", { text });
      return true;
    } catch {
      return false;
    }
  }

  retry() {
    this.#client.retry();
  }

  /** Nothing is told from here on. */
  leave() {
    this.#stopTelling();
    this.#client.close();
  }

  /** Asked anew after each loss: meanwhile somebody else may have taken the name. */
  async #join() {
    if (this.#isJoining) return;
    this.#isJoining = true;
    try {
      const { name } = await this.#client.request("join", undefined, {
        idempotent: true,
        timeout: Number.POSITIVE_INFINITY,
      });
      this.#subscribe();
      this.#listener.onSeated(name);
    } catch (error) {
      // Of a client that was closed its state has told already.
      if (!this.#client.isError("join", error)) return;
      this.leave();
      this.#listener.onRefused(refusals[error.name] ?? "The room can't be reached.");
    } finally {
      this.#isJoining = false;
    }
  }

  /** Once: the client joins the topic again by itself, where it was. */
  #subscribe() {
    const { onSaid, onGap, onCaughtUp, onPresent, onRefused } = this.#listener;
    this.#said ??= this.#client.subscribe("said", {
      onMessage: onSaid,
      onGap,
      onJoined: onCaughtUp,
      onEnd: (error) => {
        // Of a client that was closed its state has told already.
        if (error === undefined || this.#client.state.phase === "closed") return;
        this.#said = undefined;
        // Who asks for a seat at the moment is answered why there is none, or begins again.
        if (this.#isJoining) return;
        this.leave();
        onRefused(`The server has ended this conversation: ${error.message}.`);
      },
      presence: true,
      onPresence: () => onPresent(new Set([...(this.#said?.members.values() ?? [])].map(({ name }) => name))),
    });
  }
}
