import type { Broadcast } from "@ws/broadcast";
import { news } from "./chat-messages.js";
import { Room, type Sitter } from "./room.js";
import type { Seat } from "./seat.js";

const maxRooms = 200;

/** The rooms that somebody of this process is in. The same rooms may have others, in other processes. */
export class Rooms {
  readonly #broadcast: Broadcast;
  readonly #rooms = new Map<string, Room>();

  constructor(broadcast: Broadcast) {
    this.#broadcast = broadcast;
  }

  /** How many there are in this process. */
  get size(): number {
    return this.#rooms.size;
  }

  /**
   * Gives the seat, or says in a sentence why there is none. From then on the connection gets what the room is told.
   *
   * @throws {BroadcastError} where the engine can't be reached.
   */
  async join(roomName: string, sitter: Sitter): Promise<Seat | string> {
    const known = this.#rooms.get(roomName);
    if (known !== undefined) return await known.join(sitter);
    if (this.#rooms.size >= maxRooms) return "There is no place for another room.";
    const topic = this.#broadcast.topic(`chat.${roomName}`, news);
    const room = new Room(topic, () => this.#rooms.delete(roomName));
    this.#rooms.set(roomName, room);
    return await room.join(sitter);
  }
}
