import { describe, expect, test } from "vitest";
import { dial, handshake, portOf, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { frame, goodbye, opcode, opened, Witness } from "../frames.fixture.js";
import { recorded } from "../live.fixture.js";

/** What ends a connection whose message is late: 1008, and why. */
const late = "\x88\x11\x03\xf0message timeout";

test("fault 75: a message that is begun and trickles ages out with 1008", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0, messageTimeout: 20, pingInterval: 0 });
  const socket = await opened(server);
  const declared = frame(opcode.binary, new Uint8Array(1_048_576));
  let at = 14;
  socket.write(declared.subarray(0, at));
  const trickle = setInterval(() => {
    socket.write(declared.subarray(at, at + 1));
    at += 1;
  }, 2);
  await readUntil(socket, late);
  clearInterval(trickle);
  expect(await witness.end).toMatchObject({ code: 1006, reason: "message timeout", initiator: "server" });
  socket.destroy();
});

test("fault 75: so does one whose fragments stop, though its peer answers every ping", async () => {
  const witness = new Witness();
  const options = { port: 0, messageTimeout: 40, pingInterval: 5, pingTimeout: 5_000 };
  await using server = await serve(witness.application, options);
  const socket = await opened(server);
  socket.on("data", () => socket.write(frame(opcode.pong)));
  socket.write(frame(opcode.text, "begun", { fin: false }));
  expect(await witness.end).toMatchObject({ code: 1006, reason: "message timeout" });
  socket.destroy();
});

test("fault 75: so does one that began in the handshake's segment", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0, messageTimeout: 20, pingInterval: 0 });
  const socket = await dial(portOf(server));
  const begun = frame(opcode.text, "begun", { fin: false });
  socket.write(Buffer.concat([Buffer.from(handshake()), frame(opcode.ping), begun]));
  await readUntil(socket, late);
  socket.destroy();
});

test("fault 75: a peer that sends nothing but pongs does not age", async () => {
  const witness = new Witness();
  const options = { port: 0, messageTimeout: 8, pingInterval: 1, pingTimeout: 5_000 };
  await using server = await serve(witness.application, options);
  const socket = await opened(server);
  let pings = 0;
  await new Promise<void>((resolve) => {
    socket.on("data", () => {
      socket.write(frame(opcode.pong, "life"));
      pings += 1;
      if (pings === 40) resolve();
    });
    // Where the first ping came with the answer to the handshake, nobody has seen it.
    socket.write(frame(opcode.pong));
  });
  socket.write(goodbye);
  expect(await witness.end).toMatchObject({ code: 1000 });
});

test("fault 75: a peer that we paused does not age, though a part of its message came", async () => {
  let go!: () => void;
  const going = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { application, received, ended } = recorded([], going);
  const options = { port: 0, messageTimeout: 8, receiveQueue: { messages: 1, bytes: 1_000 } };
  await using server = await serve(application, options);
  await using beside = await serve(new Witness().application, options);
  const second = frame(opcode.text, "second");
  // A peer that nobody pauses begins a message, and is late: so much time goes by.
  const agedOut = async (): Promise<void> => {
    const other = await opened(beside);
    other.write(second.subarray(0, 8));
    expect(await readUntil(other, late)).toBe(late);
    other.destroy();
  };
  const socket = await opened(server);
  socket.setNoDelay(true);
  socket.write(frame(opcode.text, "first"));
  await agedOut();
  socket.write(second.subarray(0, 8));
  await agedOut();
  socket.write(Buffer.concat([second.subarray(8), goodbye]));
  go();
  expect(await ended).toMatchObject({ code: 1000 });
  expect(received).toMatchObject([{ text: "first" }, { text: "second" }, { code: 1000 }]);
  socket.destroy();
});

/** What comes meanwhile, and proves that the peer lives. */
const alive: readonly (readonly [string, Buffer])[] = [
  ["pongs", frame(opcode.pong, "life")],
  ["pings", frame(opcode.ping, "life")],
  ["empty fragments", frame(opcode.continuation, "", { fin: false })],
];
const begun = frame(opcode.text, "begun", { fin: false });
const beginnings: readonly (readonly [string, Buffer])[] = [
  ["a fragment by itself", begun],
  ["one behind a whole message", Buffer.concat([frame(opcode.text, "whole"), begun])],
  ["one behind a whole message of fragments", Buffer.concat([begun, frame(opcode.continuation), begun])],
];
const parts: readonly (readonly [string, Buffer])[] = [
  ["a byte", begun.subarray(0, 1)],
  ["a header", begun.subarray(0, 2)],
  ["all but a byte", begun.subarray(0, -1)],
];

/** Writes `first`, then `next` again and again, and expects the message's time to run out. */
async function expectLate(first: Uint8Array, next: Uint8Array): Promise<void> {
  const witness = new Witness();
  const options = { port: 0, messageTimeout: 40, pingInterval: 0, maxFragments: 1_000_000 };
  await using server = await serve(witness.application, options);
  const socket = await opened(server);
  socket.write(first);
  const life = setInterval(() => socket.write(next), 1);
  expect(await readUntil(socket, late)).toContain(late);
  clearInterval(life);
  expect(await witness.end).toMatchObject({ code: 1006, reason: "message timeout", initiator: "server" });
  socket.destroy();
}

describe("a message that does not become whole gets 1008 after the time-out", () => {
  const cases = beginnings.flatMap(([name, first]) =>
    alive.map(([life, next]) => [name, life, first, next] as const),
  );

  test.each(cases)("fault 191: %s, then only %s", async (_name, _life, first, next) => {
    await expectLate(first, next);
  });

  test.each(parts)("fault 191: %s of it behind a whole one, then silence", async (_name, part) => {
    await expectLate(Buffer.concat([frame(opcode.text, "whole"), part]), Buffer.alloc(0));
  });
});

test("fault 191: a peer that has a message under way at every look, each a new one, lives on", async () => {
  const witness = new Witness();
  const options = { port: 0, messageTimeout: 40, pingInterval: 0 };
  await using server = await serve(witness.application, options);
  const socket = await opened(server);
  socket.setNoDelay(true);
  const next = Buffer.concat([frame(opcode.continuation, ""), begun]);
  socket.write(begun);
  const began = performance.now();
  await new Promise<void>((resolve) => {
    socket.on("data", () => {
      if (performance.now() - began > 200) resolve();
      else socket.write(next);
    });
    socket.write(next);
  });
  socket.write(Buffer.concat([frame(opcode.continuation, ""), goodbye]));
  expect(await witness.end).toMatchObject({ code: 1000 });
});
