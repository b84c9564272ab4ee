import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { fileURLToPath } from "node:url";

/** What a measured server is told: to stand still for so many ms, or only to say its measures. */
export interface Command {
  readonly stall?: number;
}

/** What a measured server says of itself, after a collection; sizes in bytes. */
export interface Measures {
  readonly rss: number;
  /** The heap, and buffers beside it. */
  readonly held: number;
  readonly heap: number;
  /** The most that a reader that doesn't read was seen to cost. */
  readonly peak: number;
  /** The longest that its event loop stood still since the last question, in ms. */
  readonly blocked: number;
  /** Open connections by path. */
  readonly open: Readonly<Record<string, number>>;
  readonly descriptors: number;
  readonly timers: number;
  readonly listeners: number;
}

export const mebibyte = 1_048_576;

/** A program of this folder in a process of its own; it ends with this one. */
export function start(program: string, argument: unknown): ChildProcess {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child = fork(path, [JSON.stringify(argument)]);
  process.on("exit", () => child.kill("SIGKILL"));
  return child;
}

/** The server under measure. */
export class Server {
  readonly port: number;
  readonly process: ChildProcess;

  constructor(child: ChildProcess, port: number) {
    this.process = child;
    this.port = port;
  }

  static async start(options: Readonly<Record<string, unknown>> = {}): Promise<Server> {
    const child = start("server.ts", options);
    const [{ port }] = await once(child, "message");
    return new Server(child, port);
  }

  async measure(command: Command = {}): Promise<Measures> {
    this.process.send(command);
    const [measures] = await once(this.process, "message");
    return measures;
  }

  /** Measures until `isEnough` says so, for at most `patience` ms; gives the last measures. */
  async until(isEnough: (measures: Measures) => boolean, patience: number): Promise<Measures> {
    const end = performance.now() + patience;
    for (;;) {
      const measures = await this.measure();
      if (isEnough(measures) || performance.now() > end) return measures;
      await wait(20);
    }
  }
}

export function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A client that the server let in at a path. */
export async function enter(port: number, path: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await once(socket, "readable");
  const head = String(socket.read());
  if (!head.startsWith("HTTP/1.1 101")) throw new Error(`expected 101, got ${head.slice(0, 200)}`);
  return socket;
}

/** A masked frame whose key is zeros. RFC 6455 §5.2. */
export function frame(first: number, payload: string): Buffer {
  const data = Buffer.from(payload);
  const header = Buffer.alloc(data.length < 126 ? 6 : data.length < 65_536 ? 8 : 14);
  header[0] = first;
  header[1] = 0x80 | (data.length < 126 ? data.length : data.length < 65_536 ? 126 : 127);
  if (header.length === 8) header.writeUInt16BE(data.length, 2);
  if (header.length === 14) header.writeBigUInt64BE(BigInt(data.length), 2);
  return Buffer.concat([header, data]);
}

export const closeFrame: Buffer = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);

/** Whether the peer takes more within `patience` ms; it may be gone instead. */
function takesMore(socket: Socket, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => done(false), patience);
    const onDrain = (): void => done(true);
    const onClose = (): void => done(false);
    const done = (more: boolean): void => {
      clearTimeout(timer);
      socket.off("drain", onDrain);
      socket.off("close", onClose);
      resolve(more);
    };
    socket.on("drain", onDrain);
    socket.on("close", onClose);
  });
}

/** Writes `data` again and again, up to `total` bytes, until the peer takes no more for `patience` ms or is gone. */
export async function flood(socket: Socket, data: Buffer, total: number, patience = 500): Promise<void> {
  for (let written = 0; written < total && socket.writable; written += data.length) {
    if (!socket.write(data) && !(await takesMore(socket, patience))) return;
  }
}

/** Answers every ping of the server, so that it takes the peer for alive. */
export function answerPings(socket: Socket): void {
  socket.on("data", (chunk: Buffer) => {
    if (chunk.includes("\x89\0", 0, "latin1")) socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
  });
}

/** Prints a figure beside its bound; above it, the program ends with 1. */
export function report(what: string, figure: number, bound: number, unit: string): void {
  const rounded = Math.round(figure * 100) / 100;
  const verdict = figure <= bound ? "ok" : "ABOVE";
  if (figure > bound) process.exitCode = 1;
  process.stdout.write(`${verdict.padEnd(5)} ${what}: ${rounded} ${unit} of at most ${bound} ${unit}\n`);
}

/** As `report`, for a count that must be exact. */
export function reportExact(what: string, figure: number, expected: number): void {
  const verdict = figure === expected ? "ok" : "OFF";
  if (figure !== expected) process.exitCode = 1;
  process.stdout.write(`${verdict.padEnd(5)} ${what}: ${figure} of ${expected}\n`);
}
