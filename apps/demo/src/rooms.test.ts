import { createBroadcast, memory } from "@ws/broadcast";
import { afterEach, expect, it, vi } from "vitest";
import { news } from "./chat-messages.js";
import { Rooms } from "./rooms.js";
import type { Seat } from "./seat.js";
import { type FakeSitter, fakeSitter } from "./sitter.fixture.js";

afterEach(() => {
  vi.useRealTimers();
});

function emptyRooms(): Rooms {
  return new Rooms(createBroadcast({ engine: memory() }));
}

async function sit(rooms: Rooms, sitter: FakeSitter, room = "lobby"): Promise<Seat> {
  const seat = await rooms.join(room, sitter);
  if (typeof seat === "string") throw new Error(seat);
  return seat;
}

it("gives a seat with everybody who is there, in the order in which they came", async () => {
  const rooms = emptyRooms();
  expect((await sit(rooms, await fakeSitter("Ada"))).members).toEqual(["Ada"]);
  expect((await sit(rooms, await fakeSitter("Bo"))).members).toEqual(["Ada", "Bo"]);
});

it("keeps the order of those who come in the same millisecond", async () => {
  vi.spyOn(Date, "now").mockReturnValue(0);
  const rooms = emptyRooms();
  const names = Array.from({ length: 12 }, (_, index) => `Guest ${index}`);
  for (const name of names.slice(0, -1)) await sit(rooms, await fakeSitter(name));
  expect((await sit(rooms, await fakeSitter(names.at(-1) ?? ""))).members).toEqual(names);
});

it("tells the room who enters, what is said and who leaves, until one's own leaving", async () => {
  const rooms = emptyRooms();
  const [ada, bo] = [await fakeSitter("Ada"), await fakeSitter("Bo")];
  const adas = await sit(rooms, ada);
  await adas.enter();
  const bos = await sit(rooms, bo);
  await bos.enter();
  expect(await bos.say("hello")).toBe(true);
  await bos.leave();
  expect(ada.heard.map(({ type }) => type)).toEqual(["joined", "joined", "said", "left"]);
  expect(bo.heard).toEqual(ada.heard.slice(1, 3));
});

it("says nothing of the leaving of somebody who never entered", async () => {
  const rooms = emptyRooms();
  const ada = await fakeSitter("Ada");
  await sit(rooms, ada);
  await (await sit(rooms, await fakeSitter("Bo"))).leave();
  expect(ada.heard).toEqual([]);
});

it("forgets a room when the last member has left", async () => {
  const rooms = emptyRooms();
  const ada = await sit(rooms, await fakeSitter("Ada"));
  const bo = await sit(rooms, await fakeSitter("Bo"));
  await ada.leave();
  expect(rooms.size).toBe(1);
  await bo.leave();
  expect(rooms.size).toBe(0);
});

it("leaves once: the seat of a later member of the same name is not taken away", async () => {
  const rooms = emptyRooms();
  const first = await sit(rooms, await fakeSitter("Ada"));
  await first.leave();
  const second = await sit(rooms, await fakeSitter("Ada"));
  await first.leave();
  expect(rooms.size).toBe(1);
  await second.leave();
  expect(rooms.size).toBe(0);
});

it("takes a name for taken whatever its case, also while its seat is still being taken", async () => {
  const rooms = emptyRooms();
  const first = rooms.join("lobby", await fakeSitter("Ada"));
  expect(await rooms.join("lobby", await fakeSitter("aDA"))).toBe("Somebody of that name is here already.");
  expect(await first).toMatchObject({ members: ["Ada"] });
});

it("takes a name for taken by who sits in another process; who is refused was never in the room", async () => {
  const engine = memory();
  const enter = vi.spyOn(engine, "enter");
  const broadcast = createBroadcast({ engine });
  // One broadcast, but nothing else in common.
  const [here, there] = [new Rooms(broadcast), new Rooms(broadcast)];
  const ada = await fakeSitter("Ada");
  await sit(there, ada);
  expect(await here.join("lobby", await fakeSitter("ada"))).toBe("Somebody of that name is here already.");
  expect(ada.heard).toEqual([]);
  expect(here.size).toBe(0);
  expect(enter).toHaveBeenCalledOnce();
  expect((await sit(here, await fakeSitter("Bo"))).members).toEqual(["Ada", "Bo"]);
});

it("gives a name at most once where two processes are asked for it at once", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const [here, there] = [new Rooms(broadcast), new Rooms(broadcast)];
  const [one, other] = [await fakeSitter("Ada"), await fakeSitter("Ada")];
  const seats = await Promise.all([here.join("lobby", one), there.join("lobby", other)]);
  const given = seats.filter((seat) => typeof seat !== "string").length;
  expect(given).toBeLessThanOrEqual(1);
  expect(here.size + there.size).toBe(given);
  // Whatever became of it, the name can be had when nobody has it.
  for (const seat of seats) if (typeof seat !== "string") await seat.leave();
  expect((await sit(here, await fakeSitter("Ada"))).members).toEqual(["Ada"]);
});

it("holds at most 50 members in a room", async () => {
  const rooms = emptyRooms();
  for (let index = 0; index < 50; index += 1) await sit(rooms, await fakeSitter(`n${index}`));
  expect(await rooms.join("lobby", await fakeSitter("one more"))).toBe("The room is full.");
});

it("counts those of other processes among the 50", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const [here, there] = [new Rooms(broadcast), new Rooms(broadcast)];
  for (let index = 0; index < 50; index += 1) await sit(there, await fakeSitter(`n${index}`));
  expect(await here.join("lobby", await fakeSitter("one more"))).toBe("The room is full.");
});

it("holds at most 200 rooms; those that are there can still be joined", async () => {
  const rooms = emptyRooms();
  for (let index = 0; index < 200; index += 1) await sit(rooms, await fakeSitter("Ada"), `r${index}`);
  const refusal = await rooms.join("one-more", await fakeSitter("Ada"));
  expect(refusal).toBe("There is no place for another room.");
  await sit(rooms, await fakeSitter("Bo"), "r7");
});

it("tells who is here after all when somebody was gone without a word", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const [here, there] = [new Rooms(broadcast), new Rooms(broadcast)];
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const [ada, bo] = [await fakeSitter("Ada"), await fakeSitter("Bo")];
  await sit(there, bo);
  await sit(here, ada);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ada.heard).toEqual([]);
  bo.end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ada.heard).toEqual([{ type: "here", members: ["Ada"] }]);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ada.heard).toHaveLength(1);
});

it("tells so also of somebody who came and went between two questions", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const [here, there] = [new Rooms(broadcast), new Rooms(broadcast)];
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const [ada, bo] = [await fakeSitter("Ada"), await fakeSitter("Bo")];
  await sit(here, ada);
  await (await sit(there, bo)).enter();
  bo.end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(ada.heard.slice(1)).toEqual([{ type: "here", members: ["Ada"] }]);
});

it("asks nobody any more once the room is empty", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const rooms = emptyRooms();
  await (await sit(rooms, await fakeSitter("Ada"))).leave();
  expect(vi.getTimerCount()).toBe(0);
});

it("says that nothing was told, and gives no seat, where the engine is gone", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const rooms = new Rooms(broadcast);
  const ada = await sit(rooms, await fakeSitter("Ada"));
  await broadcast.close();
  expect(await ada.say("anybody?")).toBe(false);
  const code = "ERR_WS_BROADCAST_CLOSED";
  await expect(rooms.join("lobby", await fakeSitter("Bo"))).rejects.toMatchObject({ code });
  await expect(rooms.join("other", await fakeSitter("Bo"))).rejects.toMatchObject({ code });
  await ada.leave();
  expect(rooms.size).toBe(0);
});

it("passes on nothing that is no news of a room", () => {
  expect(news.safeParse({ type: "welcome", room: "lobby", name: "Ada", members: [] }).success).toBe(false);
});
