import type { Connection } from "@ws/connection";
import { fromClient, fromServer } from "../chat-messages.js";
import type { Deliver, Membership, Rooms } from "../rooms.js";

const maxRoomName = 32;

/**
 * Delivers without waiting. A send fails only where the connection has ended, and then its view leaves the room; the
 * connection of a member that reads too slowly the server itself ends, with 1013.
 */
function deliverTo(socket: Connection): Deliver {
  return (event) => {
    socket.send(event).catch(() => {});
  };
}

/** A chat in rooms: JSON both ways, of the schemas `fromClient` and `fromServer`. */
export function chat(rooms: Rooms) {
  return async (socket: Connection, { room }: { readonly room: string }): Promise<void> => {
    if (room.length > maxRoomName) {
      return await socket.deny({ status: 400, body: `expected a room of at most ${maxRoomName} letters\n` });
    }
    await socket.accept();
    const typed = socket.with({ receive: fromClient, send: fromServer });
    let membership: Membership | undefined;
    try {
      for await (const message of typed) {
        if (message.type === "say" && membership !== undefined) membership.say(message.text);
        else if (message.type === "join" && membership === undefined) {
          const seat = rooms.join(room, message.name, deliverTo(socket));
          if (typeof seat === "string") await typed.send({ type: "refused", problem: seat });
          else membership = seat;
        } else await typed.send({ type: "refused", problem: "Join once, then speak." });
      }
    } finally {
      membership?.leave();
    }
  };
}
