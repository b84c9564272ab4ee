import { type WireMember, wireLimits } from "@ws/contract/wire";
import { notificationFrame } from "../wire/write-frame.js";
import type { ServedTopic, TopicMember, TopicMembersEvent } from "./served-topic.js";

/** Changes within so many ms are sent together. */
const pace = 100;
/** How long a member whose connection was lost may take to come back, in ms. Until then it stays listed. */
const patience = 5_000;

/** What a list is made from. */
export interface PresenceParts {
  /** The name of the topic for the clients. */
  readonly name: string;
  readonly topic: ServedTopic;
  /** Is told why the members cannot be watched. It is tried again. */
  readonly onFailed: (error: unknown) => void;
}

function wireMember({ process, id, as }: TopicMember): WireMember {
  return { id: `${process}.${id}`, as };
}

/** The members of a topic, which are watched once for all clients that use the same name for it. */
export class PresenceList {
  readonly #parts: PresenceParts;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(text: string) => void>();
  #members = new Map<string, WireMember>();
  /** Members whose connection was lost and that are still listed, each with its timer. */
  readonly #leaving = new Map<string, ReturnType<typeof setTimeout>>();
  #joined: WireMember[] = [];
  #left: string[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;
  #isKnown = false;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
    void this.#run();
  }

  get isUnused(): boolean {
    return this.#listeners.size === 0;
  }

  /** Gives the list when it is known, and then its changes. */
  add(listener: (text: string) => void): void {
    // The list already contains what has changed since the last time.
    this.#flush();
    this.#listeners.add(listener);
    if (this.#isKnown) listener(this.#listText());
  }

  remove(listener: (text: string) => void): void {
    this.#listeners.delete(listener);
  }

  end(): void {
    this.#stop.abort();
    clearTimeout(this.#flushing);
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for await (const event of this.#parts.topic.watchMembers({ signal })) this.#take(event);
        return;
      } catch (error) {
        if (!signal.aborted) this.#parts.onFailed(error);
      }
      await this.#pause();
    }
  }

  #pause(): Promise<void> {
    const { signal } = this.#stop;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, patience);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #take(event: TopicMembersEvent): void {
    if (event.type === "members") this.#renew(event.members);
    else if (event.type === "joined") this.#join(wireMember(event.member));
    else this.#leave(wireMember(event.member), event.onPurpose === true);
  }

  #renew(members: readonly TopicMember[]): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
    this.#members = new Map(members.map(wireMember).map((member) => [member.id, member]));
    this.#joined = [];
    this.#left = [];
    this.#isKnown = true;
    this.#tell(this.#listText());
  }

  #join(member: WireMember): void {
    this.#members.set(member.id, member);
    this.#joined.push(member);
    const as = JSON.stringify(member.as);
    // A member that comes back replaces its earlier entry.
    for (const id of this.#leaving.keys()) {
      if (JSON.stringify(this.#members.get(id)?.as) !== as) continue;
      this.#gone(id);
      break;
    }
    this.#flushLater();
  }

  #leave({ id }: WireMember, onPurpose: boolean): void {
    if (!this.#members.has(id) || this.#leaving.has(id)) return;
    if (onPurpose) {
      this.#gone(id);
      return this.#flushLater();
    }
    const timer = setTimeout(() => {
      this.#gone(id);
      this.#flush();
    }, patience);
    this.#leaving.set(id, timer);
  }

  #gone(id: string): void {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
    this.#members.delete(id);
    const others = this.#joined.filter((member) => member.id !== id);
    // A member whose arrival was not sent yet need not be reported as gone.
    if (others.length === this.#joined.length) this.#left.push(id);
    this.#joined = others;
  }

  #flushLater(): void {
    this.#flushing ??= setTimeout(() => this.#flush(), pace);
  }

  #flush(): void {
    clearTimeout(this.#flushing);
    this.#flushing = undefined;
    if (this.#joined.length === 0 && this.#left.length === 0) return;
    const [joined, left] = [this.#joined, this.#left];
    this.#joined = [];
    this.#left = [];
    const change = { ...(joined.length > 0 && { joined }), ...(left.length > 0 && { left }) };
    this.#tell(notificationFrame("$/presence", { topic: this.#parts.name, ...change }));
  }

  #listText(): string {
    const members = [...this.#members.values()].slice(0, wireLimits.members);
    const isTruncated = this.#members.size > members.length;
    const list = { topic: this.#parts.name, members, ...(isTruncated && { truncated: true }) };
    return notificationFrame("$/presence", list);
  }

  #tell(text: string): void {
    for (const listener of this.#listeners) listener(text);
  }
}
