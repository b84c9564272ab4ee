import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { dial, handshake, portOf, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { frame, goodbye, opcode, type Played, play, Witness } from "../frames.fixture.js";

const offer =
  "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/** A compressed message's frame. RFC 7692 §7.2.1. */
function compressed(payload: Uint8Array | string): Buffer {
  const bytes = deflateRawSync(Buffer.from(payload as string), { finishFlush: 2 });
  return frame(opcode.text, bytes.subarray(0, -4), { rsv: 4 });
}

function deflated(chunks: readonly Uint8Array[], maxPayload = 1_048_576): Promise<Played> {
  return play(Buffer.concat(chunks), { perMessageDeflate: true, maxPayload }, [offer]);
}

test("fault 79: a message that grows over the limit while it is inflated gets 1009", async () => {
  const bomb = compressed(new Uint8Array(100 * 1_048_576));
  expect(bomb.length).toBeLessThan(110_000);
  const { code, messages, end } = await deflated([bomb]);
  expect({ code, messages }).toEqual({ code: 1009, messages: [] });
  expect(end.reason).toMatch(/Max payload size exceeded/);
});

test("fault 80: bytes that can't be inflated get 1007", async () => {
  const { code, messages, end } = await deflated([frame(opcode.text, "\xff\xff\xff\xff", { rsv: 4 })]);
  expect({ code, messages }).toEqual({ code: 1007, messages: [] });
  expect(end).toMatchObject({ code: 1006, initiator: "server" });
});

test("fault 80: bytes that turn corrupt after the limit get 1009, and the process lives", async () => {
  const bytes = deflateRawSync(new Uint8Array(100_000), { finishFlush: 2 }).subarray(0, -4);
  const corrupt = Buffer.concat([bytes, Buffer.alloc(1_000, 0xff)]);
  const { code, messages } = await deflated([frame(opcode.text, corrupt, { rsv: 4 })], 1_000);
  expect({ code, messages }).toEqual({ code: 1009, messages: [] });
  expect(await deflated([compressed("alive"), goodbye])).toMatchObject({ messages: ["alive"], code: 1000 });
});

test("fault 81: parameters that make no sense are declined", async () => {
  const parameters = [
    "server_max_window_bits=0",
    "server_max_window_bits=7",
    "server_max_window_bits=99",
    "server_max_window_bits",
    "server_max_window_bits=10; server_max_window_bits=10",
    "server_no_context_takeover; server_no_context_takeover",
    "server_no_context_takeover=1",
    "client_max_window_bits=0",
    "unknown",
  ];
  await using server = await serve(new Witness().application, { port: 0, perMessageDeflate: true });
  for (const parameter of parameters) {
    const socket = await dial(portOf(server));
    socket.write(handshake("/", [`Sec-WebSocket-Extensions: permessage-deflate; ${parameter}`]));
    const answer = await readUntil(socket, "\r\n\r\n");
    socket.destroy();
    expect([parameter, answer.slice(0, 13)]).toEqual([parameter, "HTTP/1.1 101 "]);
    expect(answer).not.toMatch(/sec-websocket-extensions/i);
  }
});

test("fault 82: bytes behind the end of a deflate stream make no second message, and later ones are whole", async () => {
  const ended = deflateRawSync("one");
  const smuggled = frame(opcode.text, Buffer.concat([ended, deflateRawSync("two")]), { rsv: 4 });
  const framed = frame(opcode.text, Buffer.concat([ended, frame(opcode.text, "three")]), { rsv: 4 });
  const { messages, code } = await deflated([smuggled, framed, compressed("next"), goodbye]);
  expect(messages).toEqual(["one", "one", "next"]);
  expect(code).toBe(1000);
});

test("fault 190: a compressed message that comes with the handshake arrives", async () => {
  const witness = new Witness();
  await using server = await serve(witness.application, { port: 0, perMessageDeflate: true });
  const socket = await dial(portOf(server));
  const bytes = Buffer.concat([Buffer.from(handshake("/", [offer])), compressed("early"), goodbye]);
  socket.write(bytes);
  await witness.end;
  expect(witness.messages).toEqual(["early"]);
  socket.destroy();
});
