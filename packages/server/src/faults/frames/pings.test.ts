import { once } from "node:events";
import type { ConnectionClosed } from "@ws/events";
import { expect, test } from "vitest";
import { webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { frame, framesOf, goodbye, opcode, opened, play, Witness } from "../frames.fixture.js";

const text = frame(opcode.text, "still here");

test("fault 83: 200 pings in one segment are answered, each, and their peer stays", async () => {
  const pings = Array.from({ length: 200 }, (_, index) => frame(opcode.ping, String(index)));
  const { sent, messages, code } = await play(Buffer.concat([...pings, text, goodbye]));
  const pongs = sent.filter((one) => one.opcode === opcode.pong);
  expect(pongs.map(({ payload }) => String(payload))).toEqual(pings.map((_, index) => String(index)));
  expect({ messages, code }).toEqual({ messages: ["still here"], code: 1000 });
});

test("fault 83: of 50,000 the latest is answered, some before, and a peer that reads stays", async () => {
  const pings = Array.from({ length: 50_000 }, (_, index) => frame(opcode.ping, String(index)));
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0 });
  const socket = await opened(server);
  socket.write(Buffer.concat(pings));
  let wire = "";
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    wire += (chunk as Buffer).toString("latin1");
    if (wire.endsWith("\x8a\x0549999")) break;
  }
  expect(framesOf(Buffer.from(wire, "latin1")).length).toBeLessThan(50_000);
  socket.write(Buffer.concat([text, goodbye]));
  await once(socket.resume(), "close");
  expect(witness.messages).toEqual(["still here"]);
});

test("fault 84: a peer that pings without end and reads no answer for the time-out of a send is cut off", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0, sendTimeout: 500 });
  const socket = await opened(server);
  socket.pause();
  const flood = Buffer.concat(Array(2_000).fill(frame(opcode.ping, "x".repeat(125))));
  const onDrain = (): void => {
    while (socket.writable && socket.write(flood));
  };
  socket.on("drain", onDrain);
  onDrain();
  expect(await witness.end).toMatchObject({ code: 1006, reason: "ping flood", initiator: "server" });
  socket.destroy();
});

test("fault 85: a pong holds the bytes of its ping, whatever they are", async () => {
  const payloads = [Buffer.alloc(0), Buffer.from([0, 255, 128, 10, 13]), Buffer.alloc(125, 0xfe)];
  const pings = payloads.map((payload) => frame(opcode.ping, payload));
  const { sent } = await play(Buffer.concat([...pings, goodbye]));
  expect(sent.slice(0, -1)).toEqual(payloads.map((payload) => ({ opcode: opcode.pong, payload })));
});

test("fault 86: a pong that nobody asked for is ignored", async () => {
  const pongs = [frame(opcode.pong), frame(opcode.pong, "whatever"), frame(opcode.ping, "mine")];
  const { sent, messages, code } = await play([Buffer.concat([...pongs, text]), goodbye]);
  expect(sent.map((one) => one.opcode)).toEqual([opcode.pong, opcode.text, opcode.close]);
  expect({ messages, code }).toEqual({ messages: ["still here"], code: 1000 });
});

test("fault 86: as a sign of life it counts as any byte does", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0, pingInterval: 5, pingTimeout: 30 });
  const socket = await opened(server);
  let pings = 0;
  await new Promise<void>((resolve) => {
    socket.on("data", () => {
      pings += 1;
      socket.write(frame(opcode.pong, "wrong"));
      if (pings === 20) resolve();
    });
  });
  socket.write(goodbye);
  expect(await witness.end).toMatchObject({ code: 1000 });
});

test("fault 193: a peer that floods us with pings and reads what it gets lives on, though large messages are between", async () => {
  const large = new Uint8Array(1_048_576);
  let end: ConnectionClosed | undefined;
  const application = webSocket(async (scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    const signal = scope.extensions["websocket.disconnect"]?.signal;
    signal?.addEventListener("abort", () => {
      end = signal.reason;
    });
    const sending = (async () => {
      for (;;) await send({ type: "websocket.send", bytes: large });
    })();
    await sending.catch(() => {});
  });
  await using server = await serve(application, { port: 0 });
  const socket = await opened(server);
  let read = 0;
  socket.on("data", (chunk: Buffer) => {
    read += chunk.length;
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const flood = Buffer.concat(Array<Buffer>(10_000).fill(frame(opcode.ping)));
  for (let sent = 0; sent < 1_500_000 && end === undefined; sent += 10_000) {
    if (socket.write(flood)) continue;
    await Promise.race([new Promise((resolve) => socket.once("drain", resolve)), closed]);
  }
  expect(end).toBeUndefined();
  expect(read).toBeGreaterThan(0);
  socket.destroy();
});
