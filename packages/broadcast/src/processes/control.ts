import { isDeepStrictEqual } from "node:util";
import type { Presence } from "../engine/engine.js";
import type { EngineLink } from "../engine/engine-link.js";
import type { Member } from "../members/member.js";
import {
  type Answer,
  type Change,
  type ControlMessage,
  formatControl,
  parseControl,
  partsOf,
  type Question,
  type Target,
} from "./control-message.js";

/** How long answers are awaited where the engine does not know the number of processes, in ms. */
const patience = 1_000;

/** How long a process is told about the members of a topic after it asked for it, in ms. It asks again before that ends. */
const watchLease = 30_000;

/** How many topics of this process others may watch. */
const maxWatched = 10_000;

/** What all processes answered. */
export interface Answers {
  readonly members: readonly Presence[];
  readonly count: number;
  /** How many processes have answered. */
  readonly processes: number;
  /** Whether every process that is known to be there has answered. */
  readonly isComplete: boolean;
}

interface Asking {
  readonly answered: (process: string, answer: Answer) => void;
}

/** The members in this process. */
export interface LocalMembers {
  /** The members of a topic that is in use, or of all topics for `null`. */
  membersOf(topic: string | null): readonly Member[];
}

/**
 * The questions that the processes of a broadcast ask each other: to disconnect members, to list them, and to report who
 * comes and goes.
 */
export class Control {
  readonly #link: EngineLink;
  readonly #local: LocalMembers;
  readonly #asking = new Map<number, Asking>();
  /** The topics that some process watches, each with the end of its watch in ms of `performance.now()`. */
  readonly #watched = new Map<string, number>();
  readonly #watchers = new Map<string, Set<(change: Change, process: string) => void>>();
  #count = 0;

  constructor(link: EngineLink, local: LocalMembers) {
    this.#link = link;
    this.#local = local;
  }

  /** A process has said something to all processes. */
  heard(text: string): void {
    const message = parseControl(text);
    if (message !== undefined) this.#take(message);
  }

  /**
   * Asks all processes, including this one. It resolves when all that are known to be there have answered, or after `ms`.
   *
   * @throws {BroadcastError} where the engine is down.
   */
  async ask(question: Question, ms: number): Promise<Answers> {
    this.#count += 1;
    const id = this.#count;
    const members: Presence[] = [];
    const done = new Set<string>();
    let count = 0;
    let expected = Number.POSITIVE_INFINITY;
    let finish!: () => void;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const answered = (process: string, answer: Answer): void => {
      count += answer.count;
      members.push(...answer.members.map(([member, as]) => ({ id: member, process, as })));
      if (answer.isLast) done.add(process);
      if (done.size >= expected) finish();
    };
    this.#asking.set(id, { answered });
    const timer = setTimeout(finish, ms);
    this.#link.signal.addEventListener("abort", finish, { once: true });
    try {
      const known = await this.#say({ process: this.#self, id, body: question });
      expected = known ?? Number.POSITIVE_INFINITY;
      if (done.size >= expected) finish();
      if (known === undefined) setTimeout(finish, Math.min(ms, patience));
      await finished;
    } finally {
      clearTimeout(timer);
      this.#asking.delete(id);
      this.#link.signal.removeEventListener("abort", finish);
    }
    return { members, count, processes: done.size, isComplete: done.size >= expected };
  }

  /** Reports that a member of this process came or went, where somebody watches the topic. */
  changed(change: Change): void {
    if ((this.#watched.get(change.topic) ?? 0) < performance.now()) return;
    // A failure is ignored: watchers compare with the list regularly, and so find what they have not heard.
    this.#say({ process: this.#self, id: 0, body: change }).catch(() => {});
  }

  /** Calls `listener` for every member that comes or goes. It returns the function that ends the watch. */
  watch(topic: string, listener: (change: Change, process: string) => void): () => void {
    const listeners = this.#watchers.get(topic) ?? new Set();
    this.#watchers.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#watchers.delete(topic);
    };
  }

  get #self(): string {
    return this.#link.engine.process;
  }

  /** Says something to all processes. An engine without `say` reaches only this process. */
  async #say(message: ControlMessage): Promise<number | undefined> {
    const { engine, signal } = this.#link;
    if (engine.say !== undefined) return await engine.say(formatControl(message), signal);
    this.#take(message);
    return 1;
  }

  #take({ process, to, id, body }: ControlMessage): void {
    switch (body.kind) {
      case "answer":
        if (to === this.#self) this.#asking.get(id)?.answered(process, body);
        return;
      case "joined":
      case "left":
        for (const listener of this.#watchers.get(body.topic) ?? []) listener(body, process);
        return;
      case "watch":
        if (this.#watched.size >= maxWatched) this.#forgetUnwatched();
        this.#watched.set(body.topic, performance.now() + watchLease);
        this.#answer(process, id, 0, []);
        return;
      case "list": {
        const members = this.#local.membersOf(body.topic).map(entryOf);
        this.#answer(process, id, 0, members);
        return;
      }
      case "end": {
        const meant = this.#local
          .membersOf(body.topic)
          .filter((member) => isMeant(member, body.target, this.#self));
        for (const member of meant) member.disconnect(body.code, body.reason);
        this.#answer(process, id, meant.length, []);
      }
    }
  }

  #answer(to: string, id: number, count: number, members: Answer["members"]): void {
    const parts = partsOf(members);
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      const body: Answer = { kind: "answer", count: isLast ? count : 0, members: part, isLast };
      this.#say({ process: this.#self, to, id, body }).catch(() => {});
    }
  }

  #forgetUnwatched(): void {
    const now = performance.now();
    for (const [topic, until] of this.#watched) {
      if (until < now || this.#watched.size >= maxWatched) this.#watched.delete(topic);
    }
  }
}

function isMeant({ id, as }: Member, target: Target, self: string): boolean {
  if ("ids" in target) return target.ids[self]?.includes(String(id)) === true;
  return as !== undefined && isDeepStrictEqual(as, target.as);
}

function entryOf({ id, as }: Member): Answer["members"][number] {
  return as === undefined ? [String(id)] : [String(id), as];
}
