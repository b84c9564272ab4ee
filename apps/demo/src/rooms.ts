import { prepare, type WebSocketSendEvent } from "@ws/events";
import { type FromServer, fromServer } from "./chat-messages.js";

const maxRooms = 200;
const maxMembers = 50;

/** Takes a message for one member. It must neither throw nor make the others wait. */
export type Deliver = (event: WebSocketSendEvent) => void;

/** A seat in a room, until `leave`. */
export interface Membership {
  say(text: string): void;
  leave(): void;
}

interface Member {
  readonly name: string;
  readonly deliver: Deliver;
}

/** Names that differ only in case would be taken for one another. */
function keyOf(name: string): string {
  return name.toLowerCase();
}

/** Checked and framed once, however many members it goes to. */
function eventOf(message: FromServer): WebSocketSendEvent {
  return prepare({ type: "websocket.send", text: JSON.stringify(fromServer.parse(message)) });
}

class Room {
  readonly members: Map<string, Member> = new Map();

  tell(message: FromServer): void {
    const event = eventOf(message);
    for (const member of this.members.values()) member.deliver(event);
  }
}

/** The rooms of one process, in memory. A room is there as long as somebody is in it. */
export class Rooms {
  readonly #rooms = new Map<string, Room>();

  /** How many rooms somebody is in. */
  get size(): number {
    return this.#rooms.size;
  }

  /**
   * Gives the seat, or says in a sentence why there is none. The first thing that is delivered is the welcome, with
   * everybody who is there in the order in which they came; those are told.
   */
  join(roomName: string, name: string, deliver: Deliver): Membership | string {
    const room = this.#rooms.get(roomName) ?? new Room();
    if (room.members.size === 0 && this.#rooms.size >= maxRooms) return "There is no place for another room.";
    if (room.members.size >= maxMembers) return "The room is full.";
    const key = keyOf(name);
    if (room.members.has(key)) return "Somebody of that name is here already.";
    const member: Member = { name, deliver };
    room.tell({ type: "joined", name, at: now() });
    room.members.set(key, member);
    this.#rooms.set(roomName, room);
    const members = [...room.members.values()].map((each) => each.name);
    deliver(eventOf({ type: "welcome", room: roomName, name, members }));
    return {
      say: (text) => room.tell({ type: "said", name, text, at: now() }),
      leave: () => {
        if (room.members.get(key) !== member) return;
        room.members.delete(key);
        if (room.members.size === 0) this.#rooms.delete(roomName);
        room.tell({ type: "left", name, at: now() });
      },
    };
  }
}

function now(): string {
  return new Date().toISOString();
}
