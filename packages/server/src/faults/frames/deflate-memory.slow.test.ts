import type { Socket } from "node:net";
import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { dial, handshake, readUntil } from "../../raw.fixture.js";
import { Child } from "../child.fixture.js";
import { frame, opcode } from "../frames.fixture.js";

const connections = 1_000;
const text = Array.from({ length: 200 }, (_, index) => `line ${index}\n`).join("");
const compressed = deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4);
const offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";

/** What a server holds for a connection after a message each way, in KiB; and the first bytes of its last answer. */
async function held(
  perMessageDeflate: boolean,
): Promise<{ readonly kibibytes: number; readonly first: string }> {
  const child = new Child({ perMessageDeflate });
  const port = await child.port();
  const open = async (): Promise<Socket> => {
    const socket = await dial(port);
    socket.write(handshake("/", [offer]));
    await readUntil(socket, "\r\n\r\n");
    return socket;
  };
  const probe = await open();
  const memory = async (looks: number): Promise<number> => {
    probe.write(frame(opcode.text, "memory"));
    const lines = await child.said(/^memory /, looks);
    return Number(lines.at(-1)?.slice(7));
  };
  const message = perMessageDeflate ? frame(opcode.text, compressed, { rsv: 4 }) : frame(opcode.text, text);
  const speak = async (socket: Socket): Promise<string> => {
    socket.write(message);
    return readUntil(socket, perMessageDeflate ? "" : "line 199\n");
  };
  // What the process itself needs for its first messages is no connection's.
  await speak(probe);
  const before = await memory(1);
  const sockets: Socket[] = [];
  let first = "";
  for (let count = 0; count < connections; count += 50) {
    const opened = await Promise.all(Array.from({ length: 50 }, open));
    const answers = await Promise.all(opened.map(speak));
    first = answers.at(-1)?.slice(0, 1) ?? "";
    sockets.push(...opened);
  }
  const kibibytes = ((await memory(2)) - before) / connections;
  for (const socket of [probe, ...sockets]) socket.destroy();
  return { kibibytes, first };
}

test("fault 190: a connection that has sent and got a compressed message holds no more than 16 KiB over one without", async () => {
  const plain = await held(false);
  const deflated = await held(true);
  expect([plain.first, deflated.first]).toEqual(["\x81", "\xc1"]);
  expect(deflated.kibibytes - plain.kibibytes).toBeLessThan(16);
});
