import { setMaxListeners } from "node:events";
import type { Presence } from "../engine/engine.js";
import type { Control } from "./control.js";

/** The members of a topic at first, and then each one that comes or goes. */
export type MembersEvent =
  | { readonly type: "members"; readonly members: readonly Presence[] }
  | { readonly type: "joined"; readonly member: Presence }
  | {
      readonly type: "left";
      readonly member: Presence;
      /**
       * Whether the member left, closed its connection or was disconnected on purpose. Otherwise it was lost, and may come
       * back.
       */
      readonly onPurpose: boolean;
    };

type MemberChange = Exclude<MembersEvent, { readonly type: "members" }>;

/** How often what was heard is compared with the list, and the watch is renewed at the other processes, in ms. */
const interval = 5_000;

/** How long the others may take to hear that somebody watches, and to be heard of whom they lost, in ms. */
const patience = 1_000;

/** How many changes may wait. Above this number the whole list is given again. */
const most = 1_024;

/** What a watch is made from. */
export interface WatchParts {
  readonly topic: string;
  readonly control: Control;
  /** The members as the engine lists them. */
  readonly list: () => Promise<readonly Presence[]>;
  readonly signals: readonly AbortSignal[];
}

const keyOf = ({ process, id }: Presence): string => `${process} ${id}`;

/** The members of a topic, kept up to date by what the processes report, and by the list where a report was missed. */
class Watch {
  readonly #parts: WatchParts;
  readonly #known = new Map<string, Presence>();
  #changes: MemberChange[] = [];
  /** The members that a report came about while the list was requested. For them the report is newer than the list. */
  #heard = new Set<string>();
  /** Those that the list has no more: their own word is waited for, which says whether they left on purpose. */
  readonly #missing = new Map<string, Presence>();
  #missed: ReturnType<typeof setTimeout> | undefined;
  #wake = (): void => {};
  #isOverfull = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  get #isOver(): boolean {
    return this.#parts.signals.some((signal) => signal.aborted);
  }

  async *run(): AsyncGenerator<MembersEvent, undefined> {
    const { topic, control, signals } = this.#parts;
    const stop = control.watch(topic, ({ kind, id, as, onPurpose = false }, process) => {
      const member = { id, process, as };
      this.#change(kind === "left" ? { type: kind, member, onPurpose } : { type: kind, member });
    });
    const wake = (): void => this.#wake();
    const timer = setInterval(() => void this.#compare(), interval);
    timer.unref();
    for (const signal of signals) {
      setMaxListeners(0, signal);
      signal.addEventListener("abort", wake);
    }
    try {
      await this.#announce();
      yield* this.#giveList();
      while (!this.#isOver) {
        if (this.#isOverfull) {
          yield* this.#giveList();
          continue;
        }
        const change = this.#changes.shift();
        if (change === undefined) await this.#next();
        else if (this.#apply(change)) yield change;
      }
    } finally {
      stop();
      clearInterval(timer);
      clearTimeout(this.#missed);
      for (const signal of signals) signal.removeEventListener("abort", wake);
    }
  }

  async *#giveList(): AsyncGenerator<MembersEvent, undefined> {
    this.#isOverfull = false;
    const members = await this.#parts.list();
    this.#known.clear();
    this.#missing.clear();
    for (const member of members) this.#known.set(keyOf(member), member);
    if (!this.#isOver) yield { type: "members", members };
  }

  async #announce(): Promise<void> {
    const { control, topic } = this.#parts;
    await control.ask({ kind: "watch", topic }, patience);
  }

  /** Resolves at the next change, or when the watch has ended. */
  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #change(change: MemberChange): void {
    const key = keyOf(change.member);
    this.#heard.add(key);
    this.#missing.delete(key);
    this.#changes.push(change);
    if (this.#changes.length > most) {
      this.#changes = [];
      this.#isOverfull = true;
    }
    this.#wake();
  }

  /** Applies a change; false where it is already known. */
  #apply({ type, member }: MemberChange): boolean {
    const key = keyOf(member);
    if (type === "left") return this.#known.delete(key);
    const isNew = !this.#known.has(key);
    this.#known.set(key, member);
    return isNew;
  }

  /**
   * Compares with the list, to find members that came or went without a report, such as those of a process that was killed.
   * While the engine is down, the members are taken as unchanged.
   */
  async #compare(): Promise<void> {
    this.#announce().catch(() => {});
    this.#heard = new Set();
    const members = await this.#parts.list().catch(() => undefined);
    if (members === undefined) return;
    const listed = new Map(members.map((member) => [keyOf(member), member]));
    const heard = this.#heard;
    for (const [key, member] of this.#known)
      if (!listed.has(key) && !heard.has(key)) this.#missing.set(key, member);
    clearTimeout(this.#missed);
    this.#missed = setTimeout(() => {
      for (const member of this.#missing.values()) this.#change({ type: "left", member, onPurpose: false });
    }, patience);
    this.#missed.unref();
    for (const [key, member] of listed)
      if (!this.#known.has(key) && !heard.has(key)) this.#change({ type: "joined", member });
  }
}

export function watchMembers(parts: WatchParts): AsyncGenerator<MembersEvent, undefined> {
  return new Watch(parts).run();
}
