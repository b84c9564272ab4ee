import { randomBytes } from "node:crypto";
import type { Presence } from "./engine.js";
import type { RedisKeys } from "./redis-keys.js";
import type { RedisLink } from "./redis-link.js";
import { memberField, parseMembers, presenceOf } from "./redis-member.js";

/** How long a process counts as alive after its last word, and how often it gives one, in ms. */
const lease = 12_000;
const renewal = 4_000;

/** How long Redis keeps a topic's members after they were written, and how often they are written anew, in ms. */
const kept = 86_400_000;
const rewriting = 3_600_000;

/** What is lost with the link is told again by the next one. */
const ignore = (): void => undefined;

/**
 * Who is there. Members stand in a hash per topic under the lease of their process, which Redis forgets by itself when
 * the process falls silent. A process whose lease was lost takes another one and writes its members again under that:
 * so who cleans up after the old lease can't hit the new.
 */
export class RedisPresence {
  readonly #process = randomBytes(8).toString("hex");
  readonly #keys: RedisKeys;
  /** Topic → member → what it said, as JSON. */
  readonly #topics = new Map<string, Map<string, string>>();
  #generation = 0;
  #link: RedisLink | undefined;
  #renewing: NodeJS.Timeout | undefined;
  #rewriting: NodeJS.Timeout | undefined;

  constructor(keys: RedisKeys) {
    this.#keys = keys;
  }

  /** Uses that link from now on; who is known already is written again. */
  attach(link: RedisLink): void {
    this.#link = link;
    this.#takeLease();
    this.#renewing = setInterval(() => this.#renew(), renewal);
    this.#rewriting = setInterval(() => this.#writeAll(), rewriting);
  }

  detach(): void {
    this.#link = undefined;
    clearInterval(this.#renewing);
    clearInterval(this.#rewriting);
  }

  /** While Redis is down, it is remembered for when it is back. */
  async enter(topic: string, id: string, as: unknown): Promise<void> {
    const members = this.#topics.get(topic) ?? new Map<string, string>();
    this.#topics.set(topic, members);
    const json = String(JSON.stringify(as));
    members.set(id, json);
    await this.#write(topic, [[id, json]]);
  }

  async leave(topic: string, id: string): Promise<void> {
    const members = this.#topics.get(topic);
    if (!members?.delete(id)) return;
    if (members.size === 0) this.#topics.delete(topic);
    await this.#ask(["HDEL", this.#keys.members(topic), memberField(this.#lease, id)]);
  }

  /** Leaves out members whose process is gone, and removes them. */
  async members({ commands }: RedisLink, topic: string): Promise<readonly Presence[]> {
    const key = this.#keys.members(topic);
    const found = parseMembers(await commands.command(["HGETALL", key]));
    const leases = [...new Set(found.map((member) => member.lease))];
    if (leases.length === 0) return [];
    const answer = await commands.command(["MGET", ...leases.map((name) => this.#keys.lease(name))]);
    const alive = new Set(
      leases.filter((_, index) => (answer as readonly (string | null)[])[index] !== null),
    );
    const dead = found.filter((member) => !alive.has(member.lease)).map((member) => member.field);
    if (dead.length > 0) commands.command(["HDEL", key, ...dead]).catch(ignore);
    return found.filter((member) => alive.has(member.lease)).flatMap(presenceOf);
  }

  /** Gives the lease back, and with it all members. */
  async close(): Promise<void> {
    await this.#ask(["DEL", this.#keys.lease(this.#lease)]);
  }

  get #lease(): string {
    return `${this.#process}.${this.#generation}`;
  }

  #takeLease(): void {
    const old = this.#keys.lease(this.#lease);
    this.#generation++;
    this.#tell(["DEL", old]);
    this.#tell(["SET", this.#keys.lease(this.#lease), "1", "PX", String(lease)]);
    this.#writeAll();
  }

  #renew(): void {
    const renewed = this.#ask(["SET", this.#keys.lease(this.#lease), "1", "PX", String(lease), "XX"]);
    renewed.then((reply) => reply === null && this.#takeLease()).catch(ignore);
  }

  #writeAll(): void {
    for (const [topic, members] of this.#topics) this.#write(topic, members).catch(ignore);
  }

  async #write(topic: string, members: Iterable<readonly [id: string, json: string]>): Promise<void> {
    const key = this.#keys.members(topic);
    const fields = [...members].flatMap(([id, json]) => [memberField(this.#lease, id), json]);
    await Promise.all([this.#ask(["HSET", key, ...fields]), this.#ask(["PEXPIRE", key, String(kept)])]);
  }

  /** Gives the answer; `undefined` while there is no link. */
  async #ask(args: readonly string[]): Promise<unknown> {
    return await this.#link?.commands.command(args);
  }

  #tell(args: readonly string[]): void {
    this.#ask(args).catch(ignore);
  }
}
