import { randomUUID } from "node:crypto";
import type { Topic } from "@ws/broadcast";
import type { Connection } from "@ws/connection";
import { type FromServer, type news, type Occupant, occupant } from "./chat-messages.js";
import { Seat } from "./seat.js";
import { type Attendance, Watch } from "./watch.js";

const maxMembers = 50;
const taken = "Somebody of that name is here already.";
const full = "The room is full.";

/** Who wants a seat. */
export interface Sitter {
  readonly name: string;
  readonly socket: Connection;
  /** Tells this one alone. It must neither throw nor wait. */
  tell(message: FromServer): void;
}

/** Names that differ only in case would be taken for one another. */
function keyOf(name: string): string {
  return name.toLowerCase();
}

/** A room, as far as it is in this process: a topic for what is said, and the topic's members for who is there. */
export class Room {
  readonly #topic: Topic<typeof news>;
  readonly #onEmpty: () => void;
  /** Those of this process, by the key of their name. */
  readonly #sitters = new Map<string, Sitter>();
  readonly #watch: Watch;

  constructor(topic: Topic<typeof news>, onEmpty: () => void) {
    this.#topic = topic;
    this.#onEmpty = onEmpty;
    this.#watch = new Watch(
      async () => this.#attendance(await this.#occupants()),
      (members) => {
        for (const sitter of this.#sitters.values()) sitter.tell({ type: "here", members });
      },
    );
  }

  /** Gives the seat, or says in a sentence why there is none. */
  async join(sitter: Sitter): Promise<Seat | string> {
    const key = keyOf(sitter.name);
    if (this.#sitters.has(key)) return taken;
    if (this.#sitters.size >= maxMembers) return full;
    // Kept for this one while the other processes are asked.
    this.#sitters.set(key, sitter);
    const seat = await this.#take(sitter).catch((error: unknown) => {
      this.#remove(sitter);
      throw error;
    });
    if (typeof seat === "string") this.#remove(sitter);
    return seat;
  }

  /** Asked before, so that who is refused hears nothing; and after, as another process may have done the same. */
  async #take(sitter: Sitter): Promise<Seat | string> {
    const { name, socket } = sitter;
    const before = this.#refusal(name, undefined, await this.#occupants());
    if (before !== undefined) return before;
    const self: Occupant = { name, since: arrival(), seat: randomUUID() };
    const onGap = (): void => sitter.tell({ type: "missed" });
    const membership = this.#topic.join(socket, { overflow: "disconnect", as: self, onGap });
    await membership.joined;
    const occupants = await this.#occupants();
    const after = this.#refusal(name, self.seat, occupants);
    if (after !== undefined) {
      membership();
      return after;
    }
    const attendance = this.#attendance(occupants);
    const { members } = attendance;
    this.#watch.start(attendance);
    return new Seat({ name, members, membership, topic: this.#topic }, () => this.#remove(sitter));
  }

  #refusal(name: string, seat: string | undefined, occupants: readonly Occupant[]): string | undefined {
    const others = occupants.filter((each) => each.seat !== seat);
    if (others.some((each) => keyOf(each.name) === keyOf(name))) return taken;
    return others.length >= maxMembers ? full : undefined;
  }

  /** Of every process, in the order in which they came. */
  async #occupants(): Promise<readonly Occupant[]> {
    const present = await this.#topic.members();
    const read = present.flatMap(({ as }) => occupant.safeParse(as).data ?? []);
    const order = ({ since, seat }: Occupant): string => since + seat;
    return read.sort((one, other) => (order(one) < order(other) ? -1 : 1));
  }

  #attendance(occupants: readonly Occupant[]): Attendance {
    const { delivered, gaps } = this.#topic.counters;
    return { members: occupants.map(({ name }) => name), told: delivered + gaps };
  }

  /** Once for each: a later one may have the same name. */
  #remove(sitter: Sitter): void {
    const key = keyOf(sitter.name);
    if (this.#sitters.get(key) !== sitter) return;
    this.#sitters.delete(key);
    if (this.#sitters.size > 0) return;
    this.#watch.stop();
    this.#onEmpty();
  }
}

let latest = 0;

/** Now, and later than all before in this process: of two who come in one millisecond, one was first. */
function arrival(): string {
  latest = Math.max(Date.now(), latest + 1);
  return new Date(latest).toISOString();
}
