import { createBroadcast, memory } from "@ws/broadcast";
import { expect, test, vi } from "vitest";
import { Seats } from "./seats.js";
import { connectionOf, personOf } from "./sitter.fixture.js";

const lobby = "lobby";

function emptySeats(): Seats {
  return new Seats(createBroadcast({ engine: memory() }));
}

test("gives a seat to each name, and says the same when it is asked again", async () => {
  const seats = emptySeats();
  const { socket } = await connectionOf();
  const ada = personOf("Ada");
  expect(await seats.take(socket, lobby, ada)).toBeUndefined();
  expect(await seats.take(socket, lobby, ada)).toBeUndefined();
  expect(await seats.take((await connectionOf()).socket, lobby, personOf("Bo"))).toBeUndefined();
});

test("takes a name for taken whatever its case, also while its seat is still being taken", async () => {
  const seats = emptySeats();
  const first = seats.take((await connectionOf()).socket, lobby, personOf("Ada"));
  expect(await seats.take((await connectionOf()).socket, lobby, personOf("aDA"))).toBe("taken");
  expect(await first).toBeUndefined();
});

test("gives the name again when its connection has ended, and forgets a room when the last has left", async () => {
  const seats = emptySeats();
  const [ada, bo] = [await connectionOf(), await connectionOf()];
  await seats.take(ada.socket, lobby, personOf("Ada"));
  await seats.take(bo.socket, lobby, personOf("Bo"));
  ada.end();
  expect(seats.rooms).toBe(1);
  const again = await connectionOf();
  expect(await seats.take(again.socket, lobby, personOf("Ada"))).toBeUndefined();
  again.end();
  bo.end();
  expect(seats.rooms).toBe(0);
});

test("takes a name for taken by who sits in another process; who is refused was never in the room", async () => {
  const engine = memory();
  const enter = vi.spyOn(engine, "enter");
  const broadcast = createBroadcast({ engine });
  // One broadcast, but nothing else in common.
  const [here, there] = [new Seats(broadcast), new Seats(broadcast)];
  await there.take((await connectionOf()).socket, lobby, personOf("Ada"));
  expect(await here.take((await connectionOf()).socket, lobby, personOf("ada"))).toBe("taken");
  expect(here.rooms).toBe(0);
  expect(enter).toHaveBeenCalledOnce();
});

test("gives a name at most once where two processes are asked for it at once", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const [here, there] = [new Seats(broadcast), new Seats(broadcast)];
  const [one, other] = [await connectionOf(), await connectionOf()];
  const told = await Promise.all([
    here.take(one.socket, lobby, personOf("Ada")),
    there.take(other.socket, lobby, personOf("Ada")),
  ]);
  const given = told.filter((refusal) => refusal === undefined).length;
  expect(given).toBeLessThanOrEqual(1);
  expect(here.rooms + there.rooms).toBe(given);
  // Whatever became of it, the name can be had when nobody has it.
  one.end();
  other.end();
  expect(await here.take((await connectionOf()).socket, lobby, personOf("Ada"))).toBeUndefined();
});

test("gives who comes back or moves to another process his own name", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const [here, there] = [new Seats(broadcast), new Seats(broadcast)];
  const ada = personOf("Ada");
  await here.take((await connectionOf()).socket, lobby, ada);
  expect(await there.take((await connectionOf()).socket, lobby, ada)).toBeUndefined();
});

test("holds at most 50 members in a room, those of other processes included", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const [here, there] = [new Seats(broadcast), new Seats(broadcast)];
  for (let index = 0; index < 50; index += 1) {
    const seats = index % 2 === 0 ? here : there;
    expect(await seats.take((await connectionOf()).socket, lobby, personOf(`n${index}`))).toBeUndefined();
  }
  expect(await here.take((await connectionOf()).socket, lobby, personOf("one more"))).toBe("full");
});

test("holds at most 200 rooms; those that are there can still be joined", async () => {
  const seats = emptySeats();
  for (let index = 0; index < 200; index += 1) {
    await seats.take((await connectionOf()).socket, `r${index}`, personOf("Ada"));
  }
  expect(await seats.take((await connectionOf()).socket, "one-more", personOf("Ada"))).toBe("full");
  expect(await seats.take((await connectionOf()).socket, "r7", personOf("Bo"))).toBeUndefined();
});

test("gives no seat to a connection that has ended, nor where the engine is gone", async () => {
  const broadcast = createBroadcast({ engine: memory() });
  const seats = new Seats(broadcast);
  const gone = await connectionOf();
  gone.end();
  await expect(seats.take(gone.socket, lobby, personOf("Ada"))).rejects.toMatchObject({ code: 1006 });
  const going = await connectionOf();
  const taking = seats.take(going.socket, lobby, personOf("Ada")).catch(() => {});
  going.end();
  await taking;
  expect(seats.rooms).toBe(0);
  await broadcast.close();
  const code = "ERR_WS_BROADCAST_CLOSED";
  await expect(seats.take((await connectionOf()).socket, lobby, personOf("Bo"))).rejects.toMatchObject({
    code,
  });
  expect(seats.rooms).toBe(0);
});
