import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { frame, framesOf, goodbye, opcode, opened, play, rest } from "../frames.fixture.js";

const offer = "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover";
const deflated = frame(opcode.text, deflateRawSync("small", { finishFlush: 2 }).subarray(0, -4), { rsv: 4 });

/** What a peer does wrong, and the code that it gets. */
const breaches: readonly (readonly [string, Buffer, number])[] = [
  ["a reserved bit", frame(opcode.text, "x", { rsv: 2 }), 1002],
  ["an unknown opcode", frame(11, "x"), 1002],
  ["no mask", frame(opcode.text, "x", { mask: null }), 1002],
  ["text that is no UTF-8", frame(opcode.text, Buffer.from([0xff])), 1007],
  ["a length that is too much", frame(opcode.binary, new Uint8Array(2_000)), 1009],
  ["a close code that may not be sent", frame(opcode.close, Buffer.from([0x03, 0xed])), 1002],
];

/** The texts that came, and the code of the close frame behind them. */
async function answers(bytes: Uint8Array, lines: readonly string[] = []): Promise<unknown[]> {
  const options = { perMessageDeflate: lines.length > 0, maxPayload: 1_000 };
  const { sent, code, end } = await play(bytes, options, lines);
  expect(end).toMatchObject({ code: 1006, initiator: "server" });
  expect(sent.at(-1)?.opcode).toBe(opcode.close);
  return [...sent.slice(0, -1).map(({ payload }) => payload.toString()), code];
}

describe("what came whole before a breach is answered, and then the peer is closed", () => {
  test.each(breaches)("fault 198: for %s", async (_name, breach, code) => {
    const whole = [frame(opcode.text, "one"), frame(opcode.binary, "two"), frame(opcode.ping, "three")];
    const bytes = Buffer.concat([...whole, breach, frame(opcode.text, "after")]);
    const got = await answers(bytes);
    expect(got.at(-1)).toBe(code);
    expect(got.slice(0, -1).sort()).toEqual(["one", "three", "two"]);
  });

  test("fault 198: for more messages than are taken in a turn", async () => {
    const texts = Array.from({ length: 300 }, (_, index) => `message ${index}`);
    const bytes = Buffer.concat([...texts.map((text) => frame(opcode.text, text)), frame(11)]);
    expect(await answers(bytes)).toEqual([...texts, 1002]);
  });

  test("fault 198: where they came compressed, and what they break is found by us or by zlib", async () => {
    const inside = Buffer.concat([frame(opcode.text, "", { rsv: 4, fin: false }), frame(opcode.text, "x")]);
    expect(await answers(Buffer.concat([deflated, inside]), [offer])).toEqual(["small", 1002]);
    const corrupt = frame(opcode.text, "\xff\xff\xff", { rsv: 4 });
    expect(await answers(Buffer.concat([deflated, corrupt]), [offer])).toEqual(["small", 1007]);
  });

  test("fault 198: for a text that turns invalid in mid-fragment and in mid-frame, at its first bad byte", async () => {
    const begun = frame(opcode.text, Buffer.from("κόσμε\xff and more", "latin1"), { fin: false });
    const whole = [frame(opcode.text, "one"), frame(opcode.ping, "two")];
    expect((await answers(Buffer.concat([...whole, begun]))).sort()).toEqual([1007, "one", "two"]);
    // Its frame says that 65 KiB follow, of which the bad byte is the last to come.
    const long = frame(opcode.text, Buffer.concat([Buffer.from("κόσμε€"), Buffer.alloc(66_000, 0xff)]));
    const { code, messages, sent } = await play([...whole, long.subarray(0, 14 + 14)], {
      maxPayload: 100_000,
    });
    expect([code, messages, sent.map(({ opcode: kind }) => kind).sort()]).toEqual([
      1007,
      ["one"],
      [1, 10, 8],
    ]);
  });

  test("fault 198: where the stream ends with it, too", async () => {
    const { application, ended } = echoing();
    await using server = await serve(application, { port: 0 });
    const socket = await opened(server);
    const wire = rest(socket);
    socket.end(Buffer.concat([frame(opcode.text, "one"), frame(11)]));
    const sent = framesOf(await wire);
    expect(sent.map(({ payload }) => payload.toString("latin1"))).toEqual(["one", "\x03\xea"]);
    expect(await ended).toMatchObject({ code: 1006, reason: expect.stringContaining("opcode") });
  });
});

/** An application that echoes, and gives its disconnect. */
function echoing(before: Promise<unknown> = Promise.resolve()) {
  let tell!: (event: unknown) => void;
  const ended = new Promise((resolve) => {
    tell = resolve;
  });
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    for (;;) {
      const event = await receive();
      if (event.type !== "websocket.receive") return tell(event);
      await before;
      await send({ ...event, type: "websocket.send" }).catch(() => {});
    }
  });
  return { application, ended };
}

test("fault 198: an answer that waits for something else is not waited for", async () => {
  let go = (): void => {};
  const going = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { application, ended } = echoing(going);
  await using server = await serve(application, { port: 0, closeTimeout: 50 });
  const socket = await opened(server);
  const wire = rest(socket);
  socket.write(Buffer.concat([frame(opcode.text, "one"), frame(opcode.text, "two"), frame(11)]));
  expect(framesOf(await wire).map(({ payload }) => payload.toString("latin1"))).toEqual(["\x03\xea"]);
  go();
  expect(await ended).toMatchObject({ code: 1006 });
});

test("fault 198: a close of the application's own goes before that for the breach", async () => {
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    await receive();
    await send({ type: "websocket.close", code: 4_000 });
  });
  await using server = await serve(application, { port: 0, closeTimeout: 50 });
  const socket = await opened(server);
  const wire = rest(socket);
  socket.write(Buffer.concat([frame(opcode.text, "one"), frame(11)]));
  const sent = framesOf(await wire);
  expect(sent.map(({ payload }) => payload.readUInt16BE(0))).toEqual([4_000]);
});

test("fault 198: a breach behind our own close ends the connection, and is told to nobody", async () => {
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.accept" });
    await send({ type: "websocket.close", code: 4_000 });
  });
  await using server = await serve(application, { port: 0, closeTimeout: 60_000, perMessageDeflate: true });
  for (const lines of [[], [offer]]) {
    const socket = await opened(server, lines);
    const wire = rest(socket);
    socket.write(
      Buffer.concat([lines.length > 0 ? frame(opcode.text, "\xff\xff", { rsv: 4 }) : frame(11), goodbye]),
    );
    const codes = framesOf(await wire).map(({ payload }) => payload.readUInt16BE(0));
    expect(codes.length).toBeLessThanOrEqual(1);
    socket.destroy();
  }
});
