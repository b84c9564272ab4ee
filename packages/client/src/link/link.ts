import { closeVerdict, retryAfter } from "@ws/contract/wire";
import { ClientError } from "./client-error.js";
import type { Address, LinkOptions } from "./options.js";
import { watchPage } from "./page.js";
import { createPulse, type Pulse } from "./pulse.js";
import { type Down, idle, type State } from "./state.js";
import type { WebSocketConstructor } from "./web-socket.js";
import { isOpen, type Wire } from "./wire.js";

/** What is spoken over a link. */
export interface Mode {
  /** How long nothing may come before the other side is asked for a sign of life, in ms; 0 for ever. */
  readonly every: number;
  /** Asks for one, and sets `wire.asked`; its answer sets that to 0. */
  ping(wire: Wire): void;
  /** The subprotocols of an attempt; `null` where its user is signed out. `isRejected` after a close code of 3000. */
  protocols(wire: Wire, isRejected: boolean): string[] | null | Promise<string[] | null>;
  /** Whether a rejected token can be had anew. */
  readonly renews?: boolean;
  /** Whether a close code of 1000 is an end for good. */
  readonly endsNormally?: boolean;
  opened(wire: Wire): void;
  received(wire: Wire, data: string | ArrayBuffer): void;
  /** A connection is gone. */
  lost?(wire: Wire, code: number): void;
}

/** A connection that comes back: one wire that carries it, beside it sometimes its successor and those that it has replaced. */
export interface Link {
  state: State;
  /** The one whose other side has shown that it is there, and that takes what is sent. */
  current?: Wire | undefined;
  /** The one that is being dialed. */
  attempt?: Wire | undefined;
  /** These two, and those that were replaced and may still answer. */
  wires: Wire[];
  start(): void;
  /** The other side of an attempt has shown that it is there: it carries the connection from now on. */
  ready(wire: Wire): void;
  /** The server closes within so many ms: a successor is dialed at a moment of that time. */
  drain(wire: Wire, within: unknown): void;
  lose(wire: Wire, code: number, reason: string): void;
  /** Asks for a sign of life that has to come in so many ms. */
  readonly probe: Pulse["probe"];
  /** Connects now in place of later. */
  retry(): void;
  /** Closes for good; without `down` because its user wants it. */
  close(down?: Down): void;
}

/** How long a connection that has been replaced may answer what it owes, in ms. */
const farewell = 10_000;
const longest = 2 ** 31 - 1;
/** Why a client is closed that no token can be had for. */
export const signedOut: Down = { code: 3000, reason: "signed out", kind: "unauthorized" };

/** The states of a connection, its attempts and its signs of life. */
export function createLink(address: Address, options: LinkOptions, mode: Mode, changed: () => void): Link {
  const { connectTimeout = 10_000, retry: { attempts = Infinity } = {}, retryDelay, retryOn } = options;
  const Socket =
    options.WebSocket ?? (globalThis as unknown as { WebSocket?: WebSocketConstructor }).WebSocket;
  if (!Socket) throw new ClientError("NO_WEBSOCKET", "here: pass that of the package ws as an option");
  /** When the next attempt is made. */
  let timer: ReturnType<typeof setTimeout> | undefined;
  let unwatch: (() => void) | undefined;
  let since: number | undefined;
  let failures = 0;
  let policies = 0;
  let isRejected = false;
  /** The next attempt can't be brought forward to before this. */
  let notBefore = 0;

  const set = (state: State): void => {
    link.state = Object.freeze(state);
    changed();
  };

  /**
   * Ends a wire without waiting for its close event, which may never come. 1000 tells the others in its topics that this client is
   * gone; without a code they wait for its return.
   */
  const cut = (wire: Wire, code?: number): void => {
    link.wires = link.wires.filter((each) => each !== wire);
    clearTimeout(wire.timer);
    wire.fetching?.abort();
    wire.socket?.close(code);
    if (wire === link.current) link.current = undefined;
    if (wire === link.attempt) link.attempt = undefined;
  };

  const end = (down?: Down): void => {
    if (link.state.phase === "closed") return;
    unwatch?.();
    clearTimeout(timer);
    set({ phase: "closed", down });
    for (const wire of link.wires) cut(wire, 1000);
  };

  /** An attempt will not be made again. That is the end, unless it was made beside a connection that still serves. */
  const refuse = (wire: Wire, down: Down): void => {
    cut(wire);
    if (!link.current) end(down);
  };

  const later = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(dial, Math.min(Math.max(ms, 0), longest));
  };

  const wait = (retryAt: number, down: Down, unconfirmed: number): void => {
    later(retryAt - Date.now());
    set({ phase: "waiting", attempt: failures + 1, retryAt, down, unconfirmed, since });
  };

  const connecting = (): void => set({ phase: "connecting", attempt: failures + 1, since });

  const dial = (): void => {
    const wire: Wire = { due: 0, heard: 0, asked: 0, spreadUntil: 0, sent: 0, confirmed: 0 };
    const fail = (reason: unknown): void => lose(wire, 1006, `${reason}`);
    wire.timer = setTimeout(fail, connectTimeout, "no answer in time");
    link.attempt = wire;
    link.wires.push(wire);
    if (!link.current) connecting();
    const asked = async (): Promise<[string | URL, string[] | null]> =>
      Promise.all([typeof address === "function" ? address() : address, mode.protocols(wire, isRejected)]);
    asked()
      .then(([url, protocols]) => {
        if (!link.wires.includes(wire)) return;
        if (!protocols) return refuse(wire, signedOut);
        let unopened = "never opened: is the server up, and is this origin allowed?";
        const socket = new Socket(url, protocols);
        wire.socket = socket;
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
          unopened = "";
          if (link.wires.includes(wire)) mode.opened(wire);
        };
        socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
          wire.heard = Date.now();
          if (link.wires.includes(wire)) mode.received(wire, data);
        };
        socket.onclose = ({ code, reason }: { code: number; reason: string }) =>
          lose(wire, code, reason || unopened);
        // After it has opened its close event says all. A handshake that fails has none in Node 22.
        socket.onerror = () => unopened && fail(unopened);
      }, fail)
      // An address or a subprotocol that is none never gets better.
      .catch((error) => refuse(wire, { code: 1006, reason: `${error}`, kind: "refused" }));
  };

  const lose = (wire: Wire, code: number, reason: string): void => {
    if (!link.wires.includes(wire)) return;
    const now = Date.now();
    const isCurrent = wire === link.current;
    const isReplaced = !isCurrent && wire !== link.attempt;
    cut(wire, isReplaced ? 1000 : undefined);
    mode.lost?.(wire, code);
    if (isReplaced) return;
    const { kind, next, least, extra } = closeVerdict(code);
    const down: Down = Object.freeze({ code, reason, kind });
    // Only a connection that lived 5 s proves anything.
    const isShort = !isCurrent || now < Number(since) + 5_000;
    if (!isShort) {
      failures = 0;
      isRejected = false;
    }
    policies = kind === "policy" && isShort ? policies + 1 : 0;
    const isToken = next === "token";
    const isRenewed = isToken && mode.renews && !isRejected;
    const isFatal =
      (next !== "retry" && !isRenewed) || policies > 4 || (mode.endsNormally && kind === "ended");
    if (!(retryOn?.(down) ?? !isFatal) || failures >= attempts) return refuse(wire, down);
    if (link.attempt) {
      // The successor is on its way already, and may be open.
      connecting();
      if (isOpen(link.attempt)) mode.opened(link.attempt);
      return;
    }
    isRejected ||= isToken;
    const ceiling = Math.max(Math.min(30_000, 1_000 * 2 ** failures), wire.spreadUntil - now);
    failures += 1;
    const pause = retryAfter(reason) ?? extra;
    notBefore = Math.max(notBefore, now + pause + least);
    const delay =
      retryDelay?.(failures, down) ?? (isRenewed ? 0 : pause + Math.max(least, Math.random() * ceiling));
    if (link.current) later(delay);
    else wait(now + delay, down, wire.sent - wire.confirmed);
  };

  const pulse = createPulse(mode.every, mode.ping, (wire) => lose(wire, 1006, "no sign of life"));

  const link: Link = {
    state: idle,
    wires: [],
    start() {
      if (link.state.phase !== "idle") return;
      unwatch = watchPage(
        (isOffline) => {
          if (link.current) pulse.probe(link.current, 3_000);
          else if (!isOffline) link.retry();
        },
        () => {
          for (const wire of link.wires) lose(wire, 1006, "the page was put away");
          const { state } = link;
          // The next attempt is made when it is back.
          if (state.phase === "waiting") wait(Infinity, state.down, state.unconfirmed);
        },
      );
      dial();
    },
    ready(wire) {
      const old = link.current;
      if (wire !== link.attempt) return;
      clearTimeout(timer);
      clearTimeout(wire.timer);
      if (old) {
        clearTimeout(old.timer);
        old.timer = setTimeout(lose, farewell, old, 1000, "");
      }
      link.attempt = undefined;
      link.current = wire;
      pulse.start(wire);
      since = Date.now();
      set({ phase: "open", since });
    },
    drain(wire, within) {
      const window = Math.min(Number(within) || 0, longest);
      wire.spreadUntil = Date.now() + window;
      if (wire === link.current && !link.attempt) later(Math.random() * window);
    },
    lose,
    probe: pulse.probe,
    retry() {
      const { state } = link;
      if (state.phase !== "waiting") return;
      const at = Math.max(Date.now(), notBefore);
      notBefore = at + 2_000;
      if (at < state.retryAt) wait(at, state.down, state.unconfirmed);
    },
    close: end,
  };
  return link;
}
