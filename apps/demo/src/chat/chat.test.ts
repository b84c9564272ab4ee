import { start } from "@ws/testing";
import { expect, test } from "vitest";
import { silentApplication } from "../silent-application.fixture.js";
import { addressOf, Guest } from "./guest.fixture.js";

const taken = { name: "taken", data: {} };

test("brings what is said to everybody in the room, and to nobody else", async () => {
  await using server = await start(silentApplication());
  await using ada = await Guest.joined(server, "Ada");
  await using bo = await Guest.joined(server, "Bo");
  await using far = await Guest.joined(server, "Far", "elsewhere");
  await ada.say("  hello ");
  await far.say("only here");
  await Promise.all([ada.hears("Ada: hello"), bo.hears("Ada: hello"), far.hears("Far: only here")]);
  expect([ada.heard, bo.heard, far.heard]).toEqual([["Ada: hello"], ["Ada: hello"], ["Far: only here"]]);
});

test("tells who is here, and who comes", async () => {
  await using server = await start(silentApplication());
  await using ada = await Guest.joined(server, "Ada");
  await expect.poll(() => ada.names).toEqual(["Ada"]);
  await using bo = await Guest.joined(server, "Bo");
  await expect
    .poll(() => [ada.names, bo.names])
    .toEqual([
      ["Ada", "Bo"],
      ["Ada", "Bo"],
    ]);
});

test("gives who was away what was said meanwhile, once and in order", async () => {
  await using server = await start(silentApplication());
  await using ada = await Guest.joined(server, "Ada");
  await using bo = await Guest.joined(server, "Bo", "lobby", { retryDelay: () => 5 });
  await ada.say("before");
  await bo.hears("Ada: before");
  const isAway = bo.until("waiting");
  server.network.cut();
  await isAway;
  await ada.client.connect();
  for (const text of ["1", "2", "3"]) await ada.say(text);
  await bo.hears("Ada: 3");
  expect(bo.heard).toEqual(["Ada: before", "Ada: 1", "Ada: 2", "Ada: 3"]);
});

test("refuses a name that is taken, with an error that the contract declares; another can be had", async () => {
  await using server = await start(silentApplication());
  await using ada = await Guest.joined(server, "Ada");
  await using other = new Guest(server, addressOf("ADA"));
  await expect(other.client.request("join")).rejects.toMatchObject(taken);
  await expect(other.said.joined).rejects.toMatchObject({ status: -32001 });
  await expect(other.say("hello?")).rejects.toMatchObject({ status: -32001 });
  await using bo = await Guest.joined(server, "Bo");
  await bo.say("hello");
  await ada.hears("Bo: hello");
  expect(ada.heard).toEqual(["Bo: hello"]);
});

test("knows who comes back by his seat: his name is not taken by himself", async () => {
  await using server = await start(silentApplication());
  const address = addressOf("Ada");
  await using before = new Guest(server, address);
  await before.client.request("join");
  await using after = new Guest(server, address);
  expect(await after.client.request("join")).toEqual({ name: "Ada" });
});

test.each([
  ["a text above 500 characters", "x".repeat(501)],
  ["a text of blanks", "   "],
])("refuses %s, and stays", async (_, text) => {
  await using server = await start(silentApplication());
  await using ada = await Guest.joined(server, "Ada");
  await expect(ada.say(text)).rejects.toMatchObject({ status: -32602 });
  await ada.say("fine");
  await ada.hears("Ada: fine");
});

test.each([
  ["a name above 24 characters", addressOf("x".repeat(25))],
  ["a name with a control character", addressOf("A\u202eda")],
  ["a name of blanks", addressOf("   ")],
  ["no seat", addressOf("Ada", "lobby", "")],
  ["a room of more than 32 letters", addressOf("Ada", "x".repeat(33))],
])("refuses %s for good: 400, which the page sees as 4400", async (_, address) => {
  await using server = await start(silentApplication());
  await using guest = new Guest(server, address);
  await expect(guest.client.connect()).rejects.toThrow("closed 4400");
  await expect(server.connect(address.slice("ws://test".length))).rejects.toMatchObject({ status: 400 });
});

test("makes nobody wait for a member that reads too slowly", async () => {
  // Twenty texts fit into it, answers and messages: whoever waits for them before she says more is not too slow herself.
  await using server = await start(silentApplication(), { sendBuffer: 65_536, closeTimeout: 100 });
  await using ada = await Guest.joined(server, "Ada");
  const { pathname, search } = new URL(addressOf("Slow"));
  await using slow = await server.connect(`${pathname}${search}`, { subprotocols: ["jsonrpc.topics.v1"] });
  await slow.sendJson({ jsonrpc: "2.0", id: 1, method: "$/subscribe", params: { topic: "said" } });
  slow.pause();
  const before = server.connections;
  let said = 0;
  while (server.connections === before) {
    await Promise.all(Array.from({ length: 20 }, () => ada.say("x".repeat(400))));
    said += 20;
  }
  await ada.say("the last");
  await ada.hears("Ada: the last");
  expect(ada.heard).toHaveLength(said + 1);
  slow.resume();
  // 1013 where its close frame got out in the second that it has, and else the socket alone is gone.
  expect([1006, 1013]).toContain((await slow.closed).code);
});
