import { constants } from "node:buffer";
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { dial, echo, handshake, readUntil } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { Child } from "../child.fixture.js";
import { frame, framesOf, opcode, rest } from "../frames.fixture.js";

const longest = constants.MAX_STRING_LENGTH;
const mebibyte = 1_048_576;
const offer =
  "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/** The close code that a server in another process gives to a first frame; it is asked once more whether it lives. */
async function codeOf(child: Child, bytes: Uint8Array): Promise<number | undefined> {
  const socket = await dial(await child.port());
  socket.write(handshake("/", [offer]));
  expect(await readUntil(socket, "\r\n\r\n")).toContain("permessage-deflate");
  socket.write(bytes);
  const [close] = framesOf(await rest(socket));
  const again = await dial(await child.port());
  again.write(handshake());
  await readUntil(again, "\r\n\r\n");
  again.destroy();
  return close?.payload.readUInt16BE(0);
}

test("fault 189: a limit above the longest string of V8 is refused at the start, with the range", async () => {
  await expect(serve(echo, { port: 0, maxPayload: longest + 1 })).rejects.toThrow(
    `options.maxPayload: expected a number from 1 to ${longest}, got ${longest + 1}.`,
  );
});

test("fault 189: at the highest limit a longer text gets 1009 by its declared length, and the process lives", async () => {
  const child = new Child({ maxPayload: longest, perMessageDeflate: true });
  const header = Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeBigUInt64BE(BigInt(longest + 1), 2);
  expect(await codeOf(child, header)).toBe(1009);
});

test("fault 189: one that grows longer than any string while it is inflated gets 1009 too", async () => {
  const child = new Child({ maxPayload: longest, perMessageDeflate: true });
  // Each piece stands for a MiB of spaces, and refers to nothing before it.
  const piece = deflateRawSync(Buffer.alloc(mebibyte, " "), { finishFlush: 2 });
  const pieces = Array<Buffer>(Math.ceil((longest + 1) / mebibyte)).fill(piece);
  const payload = Buffer.concat(pieces).subarray(0, -4);
  expect(await codeOf(child, frame(opcode.text, payload, { rsv: 4 }))).toBe(1009);
});
