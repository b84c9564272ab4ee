import { expect, test } from "vitest";
import { dial, handshake, portOf, readUntil } from "../../raw.fixture.js";
import { closeFrame, frame, opened, recorded, rest, running } from "../live.fixture.js";

test("fault 131: application and peer close at once: one close frame, one disconnect, nothing logged", async () => {
  const { application, received, ended } = recorded([{ type: "websocket.close", code: 4_000 }]);
  const { socket, logger } = await opened(application);
  socket.write(closeFrame);
  // That of the application came with the handshake's answer; the peer's gets no second one.
  expect((await rest(socket)).toString("hex")).toMatch(/^(88020fa0)?$/);
  await ended;
  expect(received).toEqual([{ type: "websocket.disconnect", code: 4_000, reason: "" }]);
  expect(logger.lines.filter(({ level }) => level !== "debug")).toEqual([]);
});

test("fault 131: an application that closes twice sends one close frame, the first", async () => {
  const close = { type: "websocket.close", code: 4_000 } as const;
  const hello = { type: "websocket.send", text: "x" } as const;
  let go = (): void => {};
  const told = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { application, received, ended } = recorded([hello, close, { ...close, code: 4_001 }], told);
  const { socket } = await opened(application);
  go();
  expect((await ended).type).toBe("websocket.disconnect");
  socket.write(closeFrame);
  expect((await rest(socket)).includes(Buffer.from([0x88, 0x02, 0x0f, 0xa1]))).toBe(false);
  expect(received).toEqual([{ type: "websocket.disconnect", code: 4_000, reason: "" }]);
});

test("fault 131: an application that closes while the server shuts down sends one close frame", async () => {
  const { application, received, ended } = recorded();
  const { server, socket } = await opened(application);
  const closing = server.close({ grace: 1_000 });
  socket.write(closeFrame);
  expect((await rest(socket)).filter((byte) => byte === 0x88).length).toBe(1);
  await closing;
  await ended;
  expect(received).toHaveLength(1);
});

test("fault 132: what was sent before a close goes out before the close frame, however slowly the peer reads", async () => {
  const bytes = new Uint8Array(900_000).fill(7);
  const sends = Array.from({ length: 8 }, () => ({ type: "websocket.send", bytes }) as const);
  const { application } = recorded([...sends, { type: "websocket.close", code: 4_000 }]);
  const { server } = await running(application);
  const socket = await dial(portOf(server));
  socket.write(handshake());
  // A chunk in each turn, and no more.
  let length = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of socket) {
    length += (chunk as Buffer).length;
    tail = Buffer.concat([tail, chunk as Buffer]).subarray(-4);
    if (tail.toString("hex") === "88020fa0") socket.end(closeFrame);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(tail.toString("hex")).toBe("88020fa0");
  expect(length).toBeGreaterThan(8 * 900_000);
});

test("fault 132: a peer that never reads it costs the close time-out", async () => {
  const bytes = new Uint8Array(900_000);
  const sends = Array.from({ length: 8 }, () => ({ type: "websocket.send", bytes }) as const);
  const { application, ended } = recorded([...sends, { type: "websocket.close", code: 4_000 }]);
  const { server, socket } = await opened(application, { closeTimeout: 30 });
  expect(await ended).toMatchObject({ code: 4_000 });
  await server.close({ grace: 60_000 });
  socket.destroy();
});

test("fault 133: messages that come after the application's close are not given to it", async () => {
  const { application, received, ended } = recorded([
    { type: "websocket.send", text: "x" },
    { type: "websocket.close", code: 4_000 },
  ]);
  const { server, socket } = await opened(application);
  socket.write(Buffer.concat([frame(0x81, "late"), frame(0x82, "later"), closeFrame]));
  await ended;
  await server.close({ grace: 1_000 });
  expect(received).toEqual([{ type: "websocket.disconnect", code: 4_000, reason: "" }]);
});

test("fault 133: a message that was on its way when the application closed is dropped, and no answer is lost", async () => {
  const { application, received, ended } = recorded();
  const { socket } = await opened(application);
  socket.write(Buffer.concat([frame(0x81, "in time"), closeFrame, frame(0x81, "too late")]));
  await ended;
  expect(received).toEqual([
    { type: "websocket.receive", text: "in time" },
    { type: "websocket.disconnect", code: 1000, reason: "" },
  ]);
  expect(await readUntil(socket, "\x03\xe8")).toBe("\x88\x02\x03\xe8");
});
