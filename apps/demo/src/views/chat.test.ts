import { connect, start, type TestServer, type TestSession } from "@ws/testing";
import { expect, it } from "vitest";
import { silentApplication } from "../silent-application.fixture.js";

async function join(server: TestServer, name: string, room = "lobby"): Promise<TestSession> {
  const session = await server.connect(`/chat/${room}/`);
  await session.sendJson({ type: "join", name });
  expect(await session.receiveJson()).toMatchObject({ type: "welcome", room, name });
  expect(await session.receiveJson()).toMatchObject({ type: "joined", name });
  return session;
}

it("welcomes with everybody who is there, and tells the whole room", async () => {
  await using server = await start(silentApplication());
  await using ada = await join(server, "Ada");
  await using bo = await server.connect("/chat/lobby/");
  await bo.sendJson({ type: "join", name: "Bo" });
  expect(await bo.receiveJson()).toEqual({
    type: "welcome",
    room: "lobby",
    name: "Bo",
    members: ["Ada", "Bo"],
  });
  const joined = { type: "joined", name: "Bo", at: expect.any(String) };
  expect(await ada.receiveJson()).toEqual(joined);
  expect(await bo.receiveJson()).toEqual(joined);
});

it("brings what is said to everybody in the room, and to nobody else", async () => {
  await using server = await start(silentApplication());
  await using ada = await join(server, "Ada");
  await using far = await join(server, "Far", "elsewhere");
  await ada.sendJson({ type: "say", text: "  hello " });
  expect(await ada.receiveJson()).toMatchObject({ type: "said", name: "Ada", text: "hello" });
  await far.sendJson({ type: "say", text: "only here" });
  expect(await far.receiveJson()).toMatchObject({ type: "said", name: "Far", text: "only here" });
});

it.each([
  ["leaves", (session: TestSession) => void session.close()],
  ["is lost", (session: TestSession) => session.terminate()],
])("tells the others when a member %s", async (_, leave) => {
  await using server = await start(silentApplication());
  await using ada = await join(server, "Ada");
  const bo = await join(server, "Bo");
  expect(await ada.receiveJson()).toMatchObject({ type: "joined" });
  leave(bo);
  expect(await ada.receiveJson()).toEqual({ type: "left", name: "Bo", at: expect.any(String) });
});

it("refuses a name that is taken; another can be tried on the same connection", async () => {
  await using server = await start(silentApplication());
  await using _ada = await join(server, "Ada");
  await using other = await server.connect("/chat/lobby/");
  await other.sendJson({ type: "join", name: "ADA" });
  expect(await other.receiveJson()).toMatchObject({
    type: "refused",
    problem: expect.stringContaining("name"),
  });
  await other.sendJson({ type: "join", name: "Bo" });
  expect(await other.receiveJson()).toMatchObject({ type: "welcome", name: "Bo" });
});

it("refuses to speak before one has joined, and to join twice", async () => {
  await using server = await start(silentApplication());
  await using session = await server.connect("/chat/lobby/");
  const refused = { type: "refused", problem: "Join once, then speak." };
  await session.sendJson({ type: "say", text: "hello?" });
  expect(await session.receiveJson()).toEqual(refused);
  await session.sendJson({ type: "join", name: "Ada" });
  expect(await session.receiveJson()).toMatchObject({ type: "welcome" });
  expect(await session.receiveJson()).toMatchObject({ type: "joined" });
  await session.sendJson({ type: "join", name: "Bo" });
  expect(await session.receiveJson()).toEqual(refused);
});

it.each([
  ["a text above 500 characters", JSON.stringify({ type: "say", text: "x".repeat(501) }), 1008],
  ["a name above 24 characters", JSON.stringify({ type: "join", name: "x".repeat(25) }), 1008],
  ["a name with a control character", JSON.stringify({ type: "join", name: "A\u202eda" }), 1008],
  ["a name of blanks", JSON.stringify({ type: "join", name: "   " }), 1008],
  ["a message of an unknown type", JSON.stringify({ type: "shout" }), 1008],
  ["no JSON", "hello", 1007],
])("closes the connection of a client that sends %s", async (_, message, code) => {
  await using session = await connect(silentApplication(), "/chat/lobby/");
  await session.sendText(message);
  expect(await session.closed).toMatchObject({ code });
});

it("refuses a room of more than 32 letters with 400", async () => {
  const connecting = connect(silentApplication(), `/chat/${"x".repeat(33)}/`);
  await expect(connecting).rejects.toMatchObject({ status: 400 });
});

it("closes a member that reads too slowly with 1013; the others hear everything meanwhile", async () => {
  await using server = await start(silentApplication(), { sendBuffer: 1_024, closeTimeout: 100 });
  await using ada = await join(server, "Ada");
  const slow = await join(server, "Slow");
  expect(await ada.receiveJson()).toMatchObject({ type: "joined" });
  slow.pause();
  const heard: unknown[] = [];
  let said = 0;
  while (!heard.includes("left")) {
    said += 1;
    await ada.sendJson({ type: "say", text: `${said} ${"x".repeat(400)}` });
    const { type, text } = (await ada.receiveJson()) as { type: string; text?: string };
    heard.push(type);
    if (type === "said") expect(text).toMatch(`${heard.filter((each) => each === "said").length} x`);
  }
  slow.resume();
  expect(await slow.closed).toMatchObject({ code: 1013 });
});
