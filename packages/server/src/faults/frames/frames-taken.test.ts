import { expect, test } from "vitest";
import { dial, handshake, portOf, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { closing, frame, goodbye, opcode, opened, play, rest, Witness } from "../frames.fixture.js";

test("fault 63: a control frame between fragments is answered at once, and the message stays whole", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0 });
  const socket = await opened(server);
  socket.write(Buffer.concat([frame(opcode.text, "be", { fin: false }), frame(opcode.ping, "now")]));
  expect(await readUntil(socket, "now")).toBe("\x8a\x03now");
  expect(witness.messages).toEqual([]);
  const wire = rest(socket);
  socket.write(Buffer.concat([frame(opcode.pong, "?"), frame(opcode.continuation, "gun"), goodbye]));
  await wire;
  expect(witness.messages).toEqual(["begun"]);
});

test("fault 68: a close code that may be on the wire is echoed, with the reason, and the application sees it", async () => {
  const codes = [
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
  ];
  for (const code of codes) {
    const { sent, end } = await play(frame(opcode.close, closing(code, "bye")));
    expect(sent).toEqual([{ opcode: opcode.close, payload: closing(code, "bye") }]);
    expect(end).toMatchObject({ code, reason: "bye", wasClean: true, initiator: "client" });
  }
  const without = await play(frame(opcode.close));
  expect(without).toMatchObject({ code: 1005, end: { code: 1005, reason: "" } });
});

test("fault 70: what comes after a close frame is ignored", async () => {
  const late = [frame(opcode.text, "late"), frame(opcode.ping, "late"), frame(opcode.close, closing(4000))];
  const unmasked = frame(opcode.text, "late", { mask: null });
  const { messages, sent, end } = await play(Buffer.concat([goodbye, ...late, unmasked]));
  expect(messages).toEqual([]);
  expect(sent).toEqual([{ opcode: opcode.close, payload: closing(1000) }]);
  expect(end.code).toBe(1000);
});

test("fault 74: a length in more bytes than it needs is taken as it is", async () => {
  const long = frame(opcode.text, "sixteen", { lengthBytes: 2 });
  const longer = frame(opcode.text, "sixty-four", { lengthBytes: 8 });
  const longest = frame(opcode.binary, new Uint8Array(300), { lengthBytes: 8 });
  const { messages, code } = await play(Buffer.concat([long, longer, longest, goodbye]));
  expect(messages).toEqual(["sixteen", "sixty-four", new Uint8Array(300)]);
  expect(code).toBe(1000);
});

test("fault 89: frames in the segment of the handshake arrive after the accept, in order, none lost", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0 });
  const socket = await dial(portOf(server));
  const texts = Array.from({ length: 100 }, (_, index) => `message ${index}`);
  const frames = texts.map((text) => frame(opcode.text, text));
  const wire = rest(socket);
  socket.write(Buffer.concat([Buffer.from(handshake()), ...frames, goodbye]));
  expect(String(await wire)).toMatch(/^HTTP\/1\.1 101 /);
  expect(witness.messages).toEqual(texts);
  expect(await witness.end).toMatchObject({ code: 1000 });
});

test("fault 90: the same bytes cut in two anywhere give the same events and the same answer", async () => {
  const stream = Buffer.concat([
    frame(opcode.text, "é🙂"),
    frame(opcode.binary, new Uint8Array([1, 2]), { fin: false }),
    frame(opcode.ping, "p"),
    frame(opcode.continuation, new Uint8Array(130)),
    frame(opcode.text),
    frame(opcode.close, closing(4001, "bye")),
  ]);
  const whole = await play(stream);
  expect(whole).toMatchObject({ code: 4001, end: { code: 4001, reason: "bye" } });
  expect(whole.messages).toEqual(["é🙂", new Uint8Array([1, 2, ...new Uint8Array(130)]), ""]);
  for (let cut = 1; cut < stream.length; cut += 1) {
    const { messages, end, code } = await play([stream.subarray(0, cut), stream.subarray(cut)]);
    expect({ cut, messages, code }).toEqual({ cut, messages: whole.messages, code: whole.code });
    expect(end).toEqual(whole.end);
  }
});

test("fault 90: the same bytes one by one do too, and so does a breach", async () => {
  const good = Buffer.concat([frame(opcode.text, "é"), frame(opcode.ping, "p"), goodbye]);
  const bytes = [...good].map((byte) => Buffer.from([byte]));
  expect(await play(bytes)).toMatchObject({ messages: ["é"], code: 1000, end: { code: 1000 } });
  const bad = [...frame(opcode.text, Buffer.from([0xc3]))].map((byte) => Buffer.from([byte]));
  expect(await play(bad)).toMatchObject({ messages: [], code: 1007, end: { code: 1006 } });
});

test("fault 91: a message is the same under any mask", async () => {
  const masks = [
    [0, 0, 0, 0],
    [255, 255, 255, 255],
    [0, 0, 0, 1],
    [0x37, 0xfa, 0x21, 0x3d],
  ];
  const payload = new Uint8Array(1_000).map((_, index) => index);
  const frames = masks.map((mask) => frame(opcode.binary, payload, { mask }));
  const { messages } = await play(Buffer.concat([...frames, goodbye]));
  expect(messages).toEqual(masks.map(() => payload));
});

test("fault 92: an empty message is a message, of text or of bytes", async () => {
  const pieces = [frame(opcode.text, "", { fin: false }), frame(opcode.continuation)];
  const stream = [frame(opcode.text), frame(opcode.binary), ...pieces];
  const { messages, sent } = await play([Buffer.concat(stream), goodbye]);
  expect(messages).toEqual(["", new Uint8Array(), ""]);
  expect(sent.map((one) => one.opcode)).toEqual([1, 2, 1, 8]);
});
