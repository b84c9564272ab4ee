import type { Broadcast, Topic } from "@ws/broadcast";
import type { Connection } from "@ws/connection";
import { type Person, person } from "./contract.js";

/** Why somebody gets no seat. */
export type Refusal = "taken" | "full";

const maxMembers = 50;
const maxRooms = 200;

/** A room, as far as somebody of this process sits in it. */
interface Room {
  /** Nothing is ever said in it: its members are who has a seat, in whatever process. */
  readonly topic: Topic<typeof person>;
  size: number;
  /** Settled when nobody is being seated. */
  turn: Promise<unknown>;
}

/** The seats of all rooms. A name is had once in a room, whatever its case. */
export class Seats {
  readonly #broadcast: Broadcast;
  readonly #rooms = new Map<string, Room>();
  /** What each connection was told. */
  readonly #asked = new WeakMap<Connection<unknown>, Promise<Refusal | undefined>>();

  constructor(broadcast: Broadcast) {
    this.#broadcast = broadcast;
  }

  /** In how many rooms somebody of this process sits. */
  get rooms(): number {
    return this.#rooms.size;
  }

  /**
   * Gives the connection a seat, which it has until it ends, or says why there is none. Asked again it says the same.
   *
   * @throws {BroadcastError} where the engine can't be reached.
   */
  take(socket: Connection<unknown>, room: string, who: Person): Promise<Refusal | undefined> {
    const known = this.#asked.get(socket);
    if (known !== undefined) return known;
    const asked = this.#take(socket, room, who);
    this.#asked.set(socket, asked);
    return asked;
  }

  async #take(socket: Connection<unknown>, name: string, who: Person): Promise<Refusal | undefined> {
    socket.signal.throwIfAborted();
    const room = this.#rooms.get(name) ?? this.#open(name);
    if (room === undefined) return "full";
    room.size += 1;
    const leave = (): void => {
      room.size -= 1;
      if (room.size === 0) this.#rooms.delete(name);
    };
    // Of two who want one name at the same time the first has it, so they are seated one after the other.
    const seating = room.turn.then(() => seat(room.topic, socket, who));
    room.turn = seating.catch(() => {});
    const refusal = await seating.catch((error: unknown) => {
      leave();
      throw error;
    });
    if (refusal !== undefined || socket.signal.aborted) leave();
    else socket.signal.addEventListener("abort", leave, { once: true });
    return refusal;
  }

  #open(name: string): Room | undefined {
    if (this.#rooms.size >= maxRooms) return undefined;
    const room = { topic: this.#broadcast.topic(`seats.${name}`, person), size: 0, turn: Promise.resolve() };
    this.#rooms.set(name, room);
    return room;
  }
}

/** Looks before, so that who is refused was never there; and after, as another process may have done the same. */
async function seat(
  topic: Topic<typeof person>,
  socket: Connection<unknown>,
  who: Person,
): Promise<Refusal | undefined> {
  const before = await refusalOf(topic, who);
  if (before !== undefined) return before;
  const membership = topic.join(socket, { as: who });
  await membership.joined;
  const after = await refusalOf(topic, who);
  if (after !== undefined) membership();
  return after;
}

/** Who comes back, or moves to another process, is no other: his seat is the same. */
async function refusalOf(topic: Topic<typeof person>, who: Person): Promise<Refusal | undefined> {
  const others = new Map<string, string>();
  for (const { as } of await topic.members()) {
    const { success, data } = person.safeParse(as);
    if (success && data.seat !== who.seat) others.set(data.seat, data.name.toLowerCase());
  }
  if ([...others.values()].includes(who.name.toLowerCase())) return "taken";
  return others.size >= maxMembers ? "full" : undefined;
}
