import type { WebSocketSendEvent } from "@ws/events";
import { expect, it } from "vitest";
import { type Membership, Rooms } from "./rooms.js";

/** A member that keeps what it is told. */
function listener(): { deliver: (event: WebSocketSendEvent) => void; events: WebSocketSendEvent[] } {
  const events: WebSocketSendEvent[] = [];
  return { deliver: (event) => void events.push(event), events };
}

function seat(joined: Membership | string): Membership {
  if (typeof joined === "string") throw new Error(joined);
  return joined;
}

it("welcomes a member before all else, with everybody who is there in the order in which they came", () => {
  const rooms = new Rooms();
  const bo = listener();
  seat(rooms.join("lobby", "Ada", listener().deliver));
  seat(rooms.join("lobby", "Bo", bo.deliver)).say("hello");
  const [first, second] = bo.events.map(({ text }) => JSON.parse(String(text)));
  expect(first).toEqual({ type: "welcome", room: "lobby", name: "Bo", members: ["Ada", "Bo"] });
  expect(second).toMatchObject({ type: "said", name: "Bo", text: "hello" });
});

it("gives every member the very same event, framed once", () => {
  const rooms = new Rooms();
  const [ada, bo] = [listener(), listener()];
  seat(rooms.join("lobby", "Ada", ada.deliver)).say("alone");
  seat(rooms.join("lobby", "Bo", bo.deliver)).say("together");
  expect(ada.events).toHaveLength(4);
  expect(ada.events.at(-1)).toBe(bo.events.at(-1));
});

it("forgets a room when the last member has left", () => {
  const rooms = new Rooms();
  const ada = seat(rooms.join("lobby", "Ada", listener().deliver));
  const bo = seat(rooms.join("lobby", "Bo", listener().deliver));
  ada.leave();
  expect(rooms.size).toBe(1);
  bo.leave();
  expect(rooms.size).toBe(0);
});

it("leaves once: the seat of a later member of the same name is not taken away", () => {
  const rooms = new Rooms();
  const first = seat(rooms.join("lobby", "Ada", listener().deliver));
  first.leave();
  const second = seat(rooms.join("lobby", "Ada", listener().deliver));
  first.leave();
  expect(rooms.size).toBe(1);
  second.leave();
  expect(rooms.size).toBe(0);
});

it("takes a name for taken whatever its case", () => {
  const rooms = new Rooms();
  rooms.join("lobby", "Ada", listener().deliver);
  expect(rooms.join("lobby", "aDA", listener().deliver)).toBe("Somebody of that name is here already.");
});

it("holds at most 50 members in a room", () => {
  const rooms = new Rooms();
  for (let index = 0; index < 50; index += 1) seat(rooms.join("lobby", `n${index}`, listener().deliver));
  expect(rooms.join("lobby", "one more", listener().deliver)).toBe("The room is full.");
});

it("holds at most 200 rooms; those that are there can still be joined", () => {
  const rooms = new Rooms();
  for (let index = 0; index < 200; index += 1) seat(rooms.join(`r${index}`, "Ada", listener().deliver));
  expect(rooms.join("one-more", "Ada", listener().deliver)).toBe("There is no place for another room.");
  seat(rooms.join("r7", "Bo", listener().deliver));
});
