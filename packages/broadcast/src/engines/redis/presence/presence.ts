import type { Presence } from "../../../engine/engine.js";
import type { RedisAccess } from "../connect/access.js";
import type { RedisKeys } from "../connect/keys.js";
import { memberField, parseMembers, presenceOf } from "./member.js";

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
  readonly #process: string;
  readonly #keys: RedisKeys;
  /** Topic → member → what it said, as JSON. */
  readonly #topics = new Map<string, Map<string, string>>();
  /** Topics whose members could not be written, as a server that has just started refuses: that is tried again. */
  readonly #unwritten = new Set<string>();
  #generation = 0;
  #access: RedisAccess | undefined;
  #renewing: NodeJS.Timeout | undefined;
  #rewriting: NodeJS.Timeout | undefined;

  constructor(keys: RedisKeys, process: string) {
    this.#keys = keys;
    this.#process = process;
  }

  /** Uses that access from now on; who is known already is written again. */
  attach(access: RedisAccess): void {
    this.#access = access;
    this.#takeLease();
    this.#renewing = setInterval(() => this.#renew(), renewal);
    this.#rewriting = setInterval(() => this.#writeAll(), rewriting);
  }

  /** What was written may be missing: who is known is written again, under another lease. */
  rewrite(): void {
    this.#takeLease();
  }

  detach(): void {
    this.#access = undefined;
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
  async members(access: RedisAccess, topic: string): Promise<readonly Presence[]> {
    const key = this.#keys.members(topic);
    const found = parseMembers(await access.command(["HGETALL", key]));
    const leases = [...new Set(found.map((member) => member.lease))];
    if (leases.length === 0) return [];
    // One by one, as each may lie on another node.
    const answers = await Promise.all(leases.map((name) => access.command(["GET", this.#keys.lease(name)])));
    const alive = new Set(leases.filter((_, index) => answers[index] !== null));
    const dead = found.filter((member) => !alive.has(member.lease)).map((member) => member.field);
    if (dead.length > 0) access.command(["HDEL", key, ...dead]).catch(ignore);
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
    for (const topic of this.#unwritten) this.#rewrite(topic);
  }

  #writeAll(): void {
    for (const topic of this.#topics.keys()) this.#rewrite(topic);
  }

  #rewrite(topic: string): void {
    this.#unwritten.delete(topic);
    const members = this.#topics.get(topic);
    if (members !== undefined) this.#write(topic, members).catch(ignore);
  }

  async #write(topic: string, members: Iterable<readonly [id: string, json: string]>): Promise<void> {
    const key = this.#keys.members(topic);
    const fields = [...members].flatMap(([id, json]) => [memberField(this.#lease, id), json]);
    try {
      await Promise.all([this.#ask(["HSET", key, ...fields]), this.#ask(["PEXPIRE", key, String(kept)])]);
    } catch (error) {
      this.#unwritten.add(topic);
      throw error;
    }
  }

  /** Gives the answer; `undefined` while there is no access. */
  async #ask(args: readonly string[]): Promise<unknown> {
    return await this.#access?.command(args);
  }

  #tell(args: readonly string[]): void {
    this.#ask(args).catch(ignore);
  }
}
