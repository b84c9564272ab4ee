import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { dial, handshake, readUntil } from "../../raw.fixture.js";
import { Child } from "../child.fixture.js";
import { frame, opcode } from "../frames.fixture.js";
import { standstill } from "../peer.fixture.js";

const connections = 100;

/** What floods in: as many frames as make some MiB. */
function floodOf(frames: readonly Buffer[]): Buffer {
  const piece = Buffer.concat(frames);
  return Buffer.concat(Array<Buffer>(Math.ceil(4_194_304 / piece.length)).fill(piece));
}

const floods: readonly (readonly [string, Buffer, object])[] = [
  ["no bytes", floodOf([frame(opcode.text)]), {}],
  ["one byte", floodOf([frame(opcode.binary, "x")]), {}],
  ["one byte each in two fragments", floodOf([frame(opcode.text, "", { fin: false }), frame(0, "x")]), {}],
  ["one byte, bounded by bytes alone", floodOf([frame(opcode.text, "x")]), { messages: 1e9, bytes: 65_536 }],
];

test.each(floods)(
  "fault 194: an application that never reads messages of %s holds 320 KiB for its peer at most",
  async (_name, flood, queue) => {
    const receiveQueue = { messages: 32, bytes: 1_048_576, ...queue };
    const child = new Child({ receiveQueue, pingInterval: 0 });
    const port = await child.port();
    const open = async (path: string): Promise<Socket> => {
      const socket = await dial(port);
      socket.write(handshake(path));
      await readUntil(socket, "\r\n\r\n");
      return socket.resume();
    };
    const probe = await open("/");
    const memory = async (looks: number): Promise<number> => {
      probe.write(frame(opcode.text, "memory"));
      const lines = await child.said(/^memory /, looks);
      return Number(lines.at(-1)?.slice(7));
    };
    const sockets: Socket[] = [];
    for (let count = 0; count < connections; count += 1) sockets.push(await open("/deaf"));
    const before = await memory(1);
    for (const socket of sockets) socket.write(flood);
    await standstill(() => sockets.reduce((sum, socket) => sum + socket.writableLength, 0));
    const held = ((await memory(2)) - before) / connections;
    for (const socket of [probe, ...sockets]) socket.destroy();
    expect(held).toBeLessThan(320);
  },
);
