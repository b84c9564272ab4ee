import type { Presence } from "../../../engine/engine.js";
import type { RedisAccess } from "../connect/access.js";
import type { RedisKeys } from "../connect/keys.js";
import { memberField, parseMembers, presenceOf } from "./member.js";

/** How long a process counts as alive after it renewed its lease, and how often it renews it, in ms. */
const lease = 12_000;
const renewal = 4_000;

/** How long Redis keeps the members of a topic after they were written, and how often they are written again, in ms. */
const kept = 86_400_000;
const rewriting = 3_600_000;

/** A failure is ignored: what is lost with this link is written again over the next one. */
const ignore = (): void => undefined;

/**
 * The members. They are stored in a hash for each topic, under the lease of their process, which Redis deletes by itself
 * when the process stops renewing it. A process that has lost its lease takes another one and writes its members again under
 * the new name, so that cleaning up after the old lease cannot remove them.
 */
export class RedisPresence {
  readonly #process: string;
  readonly #keys: RedisKeys;
  /** Topic → member → its `as` as JSON. */
  readonly #topics = new Map<string, Map<string, string>>();
  /**
   * Topics whose members could not be written, for example because a server that has just started refuses. It is tried
   * again.
   */
  readonly #unwritten = new Set<string>();
  #generation = 0;
  #access: RedisAccess | undefined;
  #renewing: NodeJS.Timeout | undefined;
  #rewriting: NodeJS.Timeout | undefined;

  constructor(keys: RedisKeys, process: string) {
    this.#keys = keys;
    this.#process = process;
  }

  /** Uses this access from now on, and writes all known members to it. */
  attach(access: RedisAccess): void {
    this.#access = access;
    this.#takeLease();
    this.#renewing = setInterval(() => this.#renew(), renewal);
    this.#rewriting = setInterval(() => this.#writeAll(), rewriting);
  }

  /** What was written may be missing, so all known members are written again under another lease. */
  rewrite(): void {
    this.#takeLease();
  }

  detach(): void {
    this.#access = undefined;
    clearInterval(this.#renewing);
    clearInterval(this.#rewriting);
  }

  /** Adds a member. While Redis is down, the member is written when Redis is back. */
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

  /** Lists the members. Those of a process that has ended are left out, and removed. */
  async members(access: RedisAccess, topic: string): Promise<readonly Presence[]> {
    const key = this.#keys.members(topic);
    const found = parseMembers(await access.command(["HGETALL", key]));
    const leases = [...new Set(found.map((member) => member.lease))];
    if (leases.length === 0) return [];
    // The keys are read one by one, because each may be on another node.
    const answers = await Promise.all(leases.map((name) => access.command(["GET", this.#keys.lease(name)])));
    const alive = new Set(leases.filter((_, index) => answers[index] !== null));
    const dead = found.filter((member) => !alive.has(member.lease)).map((member) => member.field);
    if (dead.length > 0) access.command(["HDEL", key, ...dead]).catch(ignore);
    return found.filter((member) => alive.has(member.lease)).flatMap(presenceOf);
  }

  /** Deletes the lease, which removes all members. */
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

  /** The answer to a command; `undefined` while there is no access. */
  async #ask(args: readonly string[]): Promise<unknown> {
    return await this.#access?.command(args);
  }

  #tell(args: readonly string[]): void {
    this.#ask(args).catch(ignore);
  }
}
