import { expect, test } from "vitest";
import { serve } from "../../serve.js";
import { frame, goodbye, opcode, opened, play, rest, Witness } from "../frames.fixture.js";

test("fault 76: one-byte fragments without end get 1008 at the 1,025th", async () => {
  const first = frame(opcode.binary, "x", { fin: false });
  const more = frame(opcode.continuation, "x", { fin: false });
  const { code, messages, end } = await play(Buffer.concat([first, ...Array(200_000).fill(more)]));
  expect({ code, messages }).toEqual({ code: 1008, messages: [] });
  expect(end).toMatchObject({ code: 1006, reason: "Too many message fragments", initiator: "server" });
});

test("fault 76: as many fragments as are allowed make a message, and the count begins anew", async () => {
  const first = frame(opcode.binary, "x", { fin: false });
  const middle = Array(1_022).fill(frame(opcode.continuation, "x", { fin: false }));
  const message = [first, ...middle, frame(opcode.continuation, "x")];
  const { code, messages } = await play(Buffer.concat([...message, ...message, goodbye]));
  expect(code).toBe(1000);
  expect(messages.map((one) => one.length)).toEqual([1_024, 1_024]);
});

test("fault 77: empty fragments are counted as others are", async () => {
  const first = frame(opcode.text, "", { fin: false });
  const more = frame(opcode.continuation, "", { fin: false });
  const endless = Buffer.concat([first, ...Array(200_000).fill(more)]);
  expect(await play(endless)).toMatchObject({ code: 1008, messages: [] });
});

test("fault 78: a message of 64 KiB that comes one byte at a time arrives", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0 });
  const socket = await opened(server);
  socket.setNoDelay(true);
  const payload = new Uint8Array(65_536).map((_, index) => index);
  for (const byte of frame(opcode.binary, payload)) {
    await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve));
  }
  const wire = rest(socket);
  socket.write(goodbye);
  await wire;
  expect(await witness.end).toMatchObject({ code: 1000 });
  expect(witness.messages).toEqual([payload]);
});
