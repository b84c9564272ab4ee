import { closeVerdict, retryAfter } from "@ws/contract/wire";
import { ClientError } from "./client-error.js";
import type { Address, LinkOptions } from "./options.js";
import { watchPage } from "./page.js";
import { createPulse, type Pulse } from "./pulse.js";
import { type Down, idle, type State } from "./state.js";
import type { WebSocketConstructor } from "./web-socket.js";
import { isOpen, type Wire } from "./wire.js";

/** How long a replaced connection may take to give its last answers, in ms. */
const farewell = 10_000;
const longest = 2 ** 31 - 1;
/** Why a client without a token is closed. */
export const signedOut: Down = { code: 3000, reason: "signed out", kind: "unauthorized" };

/**
 * A connection that reconnects: its states, its attempts and its signs of life. There is one current wire; sometimes there
 * is also its successor, and those that it replaced. The classes that extend this one know the protocol that is spoken over
 * it. They are classes because a process may hold thousands of clients, and closures of each client's own would be most of
 * its memory.
 */
export abstract class Link {
  state: State = idle;
  /** The wire whose other side has answered. It takes what is sent. */
  declare current: Wire | undefined;
  /** The wire that is being opened. */
  declare attempt: Wire | undefined;
  /** These two, and the replaced wires that may still answer. */
  wires: Wire[] = [];
  readonly options: LinkOptions;
  readonly #address: Address;
  readonly #Socket: WebSocketConstructor;
  readonly #pulse: Pulse;
  /** The timer of the next attempt. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;
  #since: number | undefined;
  #failures = 0;
  #policies = 0;
  #isRejected = false;
  /** The earliest time to which the next attempt can be brought forward. */
  #notBefore = 0;

  /** `every` is after how much silence the other side is asked for a sign of life, in ms; 0 for never. */
  constructor(address: Address, options: LinkOptions, every: number) {
    const Socket =
      options.WebSocket ?? (globalThis as unknown as { WebSocket?: WebSocketConstructor }).WebSocket;
    if (!Socket) throw new ClientError("NO_WEBSOCKET", "here: pass that of the package ws as an option");
    this.#Socket = Socket;
    this.#address = address;
    this.options = options;
    this.#pulse = createPulse(
      every,
      (wire) => this.ping(wire),
      (wire) => this.lose(wire, 1006, "no sign of life"),
    );
  }

  /** Asks for a sign of life, and sets `wire.asked`; the answer sets it to 0. */
  abstract ping(wire: Wire): void;
  /**
   * The subprotocols of an attempt; `null` where the user is signed out. `isRejected` is true after a close code of 3000.
   */
  abstract protocols(wire: Wire, isRejected: boolean): string[] | null | Promise<string[] | null>;
  abstract opened(wire: Wire): void;
  abstract received(wire: Wire, data: string | ArrayBuffer): void;
  /** A connection is lost. */
  lost?(wire: Wire, code: number): void;
  /** Whether there may be a new token after a rejected one. */
  renews?(): boolean;
  /** Whether a close with 1000 ends the client for good. */
  endsNormally?(): boolean;
  /** The state has changed. */
  abstract changed(): void;

  start(): void {
    if (this.state.phase !== "idle") return;
    this.#unwatch = watchPage(
      (isOffline) => {
        if (this.current) this.probe(this.current, 3_000);
        else if (!isOffline) this.retry();
      },
      () => {
        for (const wire of this.wires) this.lose(wire, 1006, "the page was put away");
        const { state } = this;
        // The next attempt is made when the page is back.
        if (state.phase === "waiting") this.#wait(Infinity, state.down, state.unconfirmed);
      },
    );
    this.#dial();
  }

  /** The other side of an attempt has answered, so it is the current wire from now on. */
  ready(wire: Wire): void {
    const old = this.current;
    if (wire !== this.attempt) return;
    clearTimeout(this.#timer);
    clearTimeout(wire.timer);
    if (old) {
      clearTimeout(old.timer);
      old.timer = setTimeout(() => this.lose(old, 1000, ""), farewell);
    }
    this.attempt = undefined;
    this.current = wire;
    this.#pulse.start(wire);
    this.#since = Date.now();
    this.#set({ phase: "open", since: this.#since });
  }

  /** The server closes within so many ms: a successor is opened at a random moment of that time. */
  drain(wire: Wire, within: unknown): void {
    const window = Math.min(Number(within) || 0, longest);
    wire.spreadUntil = Date.now() + window;
    if (wire === this.current && !this.attempt) this.#later(Math.random() * window);
  }

  /** Asks for a sign of life that has to come within so many ms. */
  probe(wire: Wire, ms: number): void {
    this.#pulse.probe(wire, ms);
  }

  readonly retry = (): void => {
    const { state } = this;
    if (state.phase !== "waiting") return;
    const at = Math.max(Date.now(), this.#notBefore);
    this.#notBefore = at + 2_000;
    if (at < state.retryAt) this.#wait(at, state.down, state.unconfirmed);
  };

  /** Closes for good; without `down` because the user wants it. */
  end(down?: Down): void {
    if (this.state.phase === "closed") return;
    this.#unwatch?.();
    clearTimeout(this.#timer);
    this.#set({ phase: "closed", down });
    for (const wire of this.wires) this.#cut(wire, 1000);
  }

  lose(wire: Wire, code: number, reason: string): void {
    if (!this.wires.includes(wire)) return;
    const { retry: { attempts = Infinity } = {}, retryDelay, retryOn } = this.options;
    const now = Date.now();
    const isCurrent = wire === this.current;
    const isReplaced = !isCurrent && wire !== this.attempt;
    this.#cut(wire, isReplaced ? 1000 : undefined);
    this.lost?.(wire, code);
    if (isReplaced) return;
    const { kind, next, least, extra } = closeVerdict(code);
    const down: Down = Object.freeze({ code, reason, kind });
    // Only a connection that lived for 5 s shows that the server works.
    const isShort = !isCurrent || now < Number(this.#since) + 5_000;
    if (!isShort) {
      this.#failures = 0;
      this.#isRejected = false;
    }
    this.#policies = kind === "policy" && isShort ? this.#policies + 1 : 0;
    const isToken = next === "token";
    const isRenewed = isToken && this.renews?.() && !this.#isRejected;
    const isFatal =
      (next !== "retry" && !isRenewed) || this.#policies > 4 || (this.endsNormally?.() && kind === "ended");
    if (!(retryOn?.(down) ?? !isFatal) || this.#failures >= attempts) {
      return this.#refuse(wire, down);
    }
    if (this.attempt) {
      // The successor is being opened already, and may be open.
      this.#connecting();
      if (isOpen(this.attempt)) this.opened(this.attempt);
      return;
    }
    this.#isRejected ||= isToken;
    const ceiling = Math.max(Math.min(30_000, 1_000 * 2 ** this.#failures), wire.spreadUntil - now);
    this.#failures += 1;
    const pause = retryAfter(reason) ?? extra;
    this.#notBefore = Math.max(this.#notBefore, now + pause + least);
    const delay =
      retryDelay?.(this.#failures, down) ??
      (isRenewed ? 0 : pause + Math.max(least, Math.random() * ceiling));
    if (this.current) this.#later(delay);
    else this.#wait(now + delay, down, wire.sent - wire.confirmed);
  }

  #set(state: State): void {
    this.state = Object.freeze(state);
    this.changed();
  }

  /**
   * Ends a wire without waiting for its close event, which may never come. Code 1000 tells other members of its topics that
   * this client has left; without a code they wait for its return.
   */
  #cut(wire: Wire, code?: number): void {
    this.wires = this.wires.filter((each) => each !== wire);
    clearTimeout(wire.timer);
    wire.fetching?.abort();
    wire.socket?.close(code);
    if (wire === this.current) this.current = undefined;
    if (wire === this.attempt) this.attempt = undefined;
  }

  /** The attempt is not repeated. That ends the client, unless another connection is still open. */
  #refuse(wire: Wire, down: Down): void {
    this.#cut(wire);
    if (!this.current) this.end(down);
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#dial(), Math.min(Math.max(ms, 0), longest));
  }

  #wait(retryAt: number, down: Down, unconfirmed: number): void {
    this.#later(retryAt - Date.now());
    const attempt = this.#failures + 1;
    this.#set({ phase: "waiting", attempt, retryAt, down, unconfirmed, since: this.#since });
  }

  #connecting(): void {
    this.#set({ phase: "connecting", attempt: this.#failures + 1, since: this.#since });
  }

  #dial(): void {
    const wire: Wire = { due: 0, heard: 0, asked: 0, spreadUntil: 0, sent: 0, confirmed: 0 };
    const fail = (reason: unknown): void => this.lose(wire, 1006, `${reason}`);
    wire.timer = setTimeout(fail, this.options.connectTimeout ?? 10_000, "no answer in time");
    this.attempt = wire;
    this.wires.push(wire);
    if (!this.current) this.#connecting();
    const address = this.#address;
    const asked = async (): Promise<[string | URL, string[] | null]> =>
      Promise.all([
        typeof address === "function" ? address() : address,
        this.protocols(wire, this.#isRejected),
      ]);
    asked()
      .then(([url, protocols]) => {
        if (!this.wires.includes(wire)) return;
        if (!protocols) return this.#refuse(wire, signedOut);
        let unopened = "never opened: is the server up, and is this origin allowed?";
        const socket = new this.#Socket(url, protocols);
        wire.socket = socket;
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
          unopened = "";
          if (this.wires.includes(wire)) this.opened(wire);
        };
        socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
          wire.heard = Date.now();
          if (this.wires.includes(wire)) this.received(wire, data);
        };
        socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
          this.lose(wire, code, reason || unopened);
        // Once a wire has been opened, its close event says everything. A failed handshake has no close event in Node 22.
        socket.onerror = () => unopened && fail(unopened);
      }, fail)
      // An invalid address or subprotocol will not become valid, so this is not tried again.
      .catch((error) => this.#refuse(wire, { code: 1006, reason: `${error}`, kind: "refused" }));
  }
}
