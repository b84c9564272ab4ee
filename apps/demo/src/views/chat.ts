import { BroadcastError } from "@ws/broadcast";
import type { Connection, TypedConnection } from "@ws/connection";
import { CloseCode } from "@ws/events";
import { fromClient, fromServer } from "../chat-messages.js";
import type { Sitter } from "../room.js";
import type { Rooms } from "../rooms.js";
import type { Seat } from "../seat.js";

const maxRoomName = 32;

type ChatConnection = TypedConnection<typeof fromClient, typeof fromServer>;

/** Who sits down: told without waiting, as the server itself ends a connection that reads too slowly. */
function sitterOf(socket: Connection, typed: ChatConnection, name: string): Sitter {
  return { name, socket, tell: (message) => void typed.send(message) };
}

/** A chat in rooms: JSON both ways, of the schemas `fromClient` and `fromServer`. */
export function chat(rooms: Rooms) {
  return async (socket: Connection, { room }: { readonly room: string }): Promise<void> => {
    if (room.length > maxRoomName) {
      return await socket.deny({ status: 400, body: `expected a room of at most ${maxRoomName} letters\n` });
    }
    await socket.accept();
    const typed = socket.with({ receive: fromClient, send: fromServer });
    let seat: Seat | undefined;
    try {
      for await (const message of typed) {
        if (message.type === "say" && seat !== undefined) {
          const isTold = await seat.say(message.text);
          if (!isTold) await typed.send({ type: "refused", problem: "That may not have reached the room." });
        } else if (message.type === "join" && seat === undefined) {
          const joined = await rooms.join(room, sitterOf(socket, typed, message.name));
          if (typeof joined === "string") {
            await typed.send({ type: "refused", problem: joined });
            continue;
          }
          seat = joined;
          await typed.send({ type: "welcome", room, name: message.name, members: [...seat.members] });
          await seat.enter();
        } else await typed.send({ type: "refused", problem: "Join once, then speak." });
      }
    } catch (error) {
      // A client that comes back later may find the engine there again.
      if (!(error instanceof BroadcastError)) throw error;
      await socket.close(CloseCode.TryAgainLater, "the room can't be reached");
    } finally {
      await seat?.leave();
    }
  };
}
