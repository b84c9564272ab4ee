import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { prepare, type WebSocketSendEvent } from "@ws/events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../platform/system-clock.js";
import { bufferPool } from "./buffer-pool.js";
import { FrameWriter } from "./frame-writer.js";
import { writeBuffer, writeBufferSize } from "./write-buffer.js";

/** A socket that remembers each write as the kernel would see it: one chunk, or several handed over together. */
class Recorder extends Duplex {
  readonly writes: Uint8Array[][] = [];
  #isStuck = false;
  #release: (() => void) | undefined;

  /** From now on the kernel takes nothing more. */
  stick(): void {
    this.#isStuck = true;
  }

  /** It takes what it was given, and goes on. */
  unstick(): void {
    this.#isStuck = false;
    this.#release?.();
  }

  /** All bytes, as text. */
  get text(): string {
    return Buffer.concat(this.writes.flat()).toString("latin1");
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#take([chunk], callback);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], callback: () => void): void {
    this.#take(
      chunks.map(({ chunk }) => chunk),
      callback,
    );
  }

  #take(chunks: Uint8Array[], callback: () => void): void {
    this.writes.push(chunks);
    if (this.#isStuck) this.#release = callback;
    else callback();
  }
}

/** The payloads of unmasked frames, one after the other. RFC 6455 §5.2. */
function payloadsOf(data: Buffer): string[] {
  const payloads: string[] = [];
  for (let at = 0; at < data.length; ) {
    const short = data.readUInt8(at + 1);
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    const wide = short === 127 ? Number(data.readBigUInt64BE(at + 2)) : data.readUInt16BE(at + 2);
    const end = start + (short < 126 ? short : wide);
    payloads.push(data.toString("utf8", start, end));
    at = end;
  }
  return payloads;
}

interface Made {
  readonly socket: Recorder;
  readonly writer: FrameWriter;
  readonly onTaken: ReturnType<typeof vi.fn<() => void>>;
}

function make(): Made {
  const socket = new Recorder();
  const onTaken = vi.fn<() => void>();
  return { socket, writer: new FrameWriter(socket, { taken: onTaken }), onTaken };
}

function push(writer: FrameWriter, ...texts: readonly string[]): void {
  for (const text of texts) writer.push(Buffer.from(text, "latin1"));
}

/** The end of this turn of the event loop. */
async function turnOver(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const large = "L".repeat(65_537);

describe("the frames of one tick", () => {
  test("are one write, in the order in which they came, before the event loop goes on", async () => {
    const { socket, writer } = make();
    // Long after whatever was written before.
    vi.spyOn(systemClock, "now").mockReturnValue(Number.MAX_SAFE_INTEGER);
    push(writer, "a", "b", "c", "d");
    expect(socket.writes).toEqual([]);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(socket.writes).toHaveLength(1);
    expect(socket.writes[0]).toHaveLength(1);
    expect(socket.text).toBe("abcd");
    await turnOver();
    expect(socket.writes).toHaveLength(1);
  });

  test("are not copied where there is only one", async () => {
    const { socket, writer } = make();
    const frame = Buffer.from("a");
    writer.push(frame);
    await turnOver();
    expect(socket.writes[0]?.[0]).toBe(frame);
  });

  test("are counted until they are handed over", async () => {
    const { writer } = make();
    expect(writer.pending).toBe(0);
    push(writer, "abc", "de");
    expect(writer.pending).toBe(5);
    await turnOver();
    expect(writer.pending).toBe(0);
  });

  test("of several connections are each their own write", async () => {
    const all = [make(), make(), make()];
    for (const { writer } of all) push(writer, "a", "b");
    await turnOver();
    for (const { socket } of all)
      expect(socket.writes.map((chunks) => Buffer.concat(chunks).toString())).toEqual(["ab"]);
  });

  test("are followed by those of the next", async () => {
    const { socket, writer } = make();
    push(writer, "a");
    await turnOver();
    push(writer, "b");
    await turnOver();
    expect(socket.writes).toHaveLength(2);
    expect(socket.text).toBe("ab");
  });

  test("that are pushed while others are handed over go out too", async () => {
    const { socket, writer } = make();
    const other = make();
    other.onTaken.mockImplementationOnce(() => push(writer, "late"));
    push(writer, "early ");
    push(other.writer, "x");
    other.writer.awaitTaken();
    await turnOver();
    await turnOver();
    expect(socket.text).toBe("early late");
  });
});

describe("in a busy loop", () => {
  const boxes = (count: number): Made[] => Array.from({ length: count }, () => make());
  const nextTick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));

  beforeEach(async () => {
    const now = vi.spyOn(systemClock, "now").mockReturnValue(1_000_000);
    push(make().writer, "first");
    await nextTick();
    now.mockReturnValue(1_000_000.02);
  });

  test("up to 64 connections wait for the turn's end", async () => {
    const all = boxes(64);
    for (const { writer } of all) push(writer, "a");
    await nextTick();
    expect(all.filter(({ socket }) => socket.text !== "")).toEqual([]);
    await turnOver();
    expect(all.every(({ socket }) => socket.text === "a")).toBe(true);
  });

  test("more than that wait for the end of their tick, and what each was sent in it is still one write", async () => {
    const all = boxes(65);
    for (const text of ["a", "b"]) for (const { writer } of all) push(writer, text);
    expect(all.every(({ socket }) => socket.text === "")).toBe(true);
    await nextTick();
    expect(all.every(({ socket }) => socket.text === "ab" && socket.writes.length === 1)).toBe(true);
  });
});

describe("a flush", () => {
  test("hands over at once, so that what follows by another way comes after", async () => {
    const { socket, writer } = make();
    push(writer, "a");
    writer.flush();
    socket.write("ping");
    push(writer, "b");
    await turnOver();
    expect(socket.text).toBe("apingb");
  });

  test("of nothing writes nothing", async () => {
    const { socket, writer, onTaken } = make();
    writer.awaitTaken();
    writer.flush();
    push(writer, "a");
    writer.flush();
    await turnOver();
    expect(socket.writes).toHaveLength(1);
    expect(onTaken).toHaveBeenCalledOnce();
  });
});

describe("more than 64 KiB in one tick", () => {
  test("are handed over at once and together, nothing copied", () => {
    const { socket, writer } = make();
    const frames = [Buffer.from("head"), Buffer.from(large)];
    for (const frame of frames) writer.push(frame);
    expect(writer.pending).toBe(0);
    expect(socket.writes).toHaveLength(1);
    expect(socket.writes[0]?.map((chunk, index) => chunk === frames[index])).toEqual([true, true]);
  });

  test("take along what waits, and what comes after stays behind", async () => {
    const { socket, writer } = make();
    push(writer, "a", "b", large, "c", "d");
    await turnOver();
    expect(socket.text).toBe(`ab${large}cd`);
    expect(socket.writes.map((chunks) => chunks.length)).toEqual([3, 1]);
  });

  test("may be many small ones: no more than that is joined", async () => {
    const { socket, writer } = make();
    const half = "x".repeat(32_768);
    push(writer, half, half);
    expect(socket.writes).toHaveLength(0);
    push(writer, "y");
    expect(socket.writes).toHaveLength(1);
    await turnOver();
    expect(socket.text).toBe(`${half}${half}y`);
  });
});

describe("whoever awaits it", () => {
  test("is told once when the kernel has taken something, and only then", async () => {
    const { writer, onTaken } = make();
    push(writer, "a");
    await turnOver();
    expect(onTaken).not.toHaveBeenCalled();
    writer.awaitTaken();
    push(writer, "b");
    await turnOver();
    push(writer, "c");
    await turnOver();
    expect(onTaken).toHaveBeenCalledOnce();
  });

  test("is told late where the kernel is late", async () => {
    const { socket, writer, onTaken } = make();
    socket.stick();
    push(writer, "abc");
    writer.awaitTaken();
    await turnOver();
    expect(writer.buffered).toBe(3);
    expect(onTaken).not.toHaveBeenCalled();
    socket.unstick();
    await turnOver();
    expect(onTaken).toHaveBeenCalledOnce();
    expect(writer.buffered).toBe(0);
  });

  test("is told of each write while the kernel is late, and what came after stays behind", async () => {
    const { socket, writer, onTaken } = make();
    socket.stick();
    push(writer, "a");
    await turnOver();
    push(writer, "b");
    writer.awaitTaken();
    await turnOver();
    expect(socket.text).toBe("a");
    expect(writer.buffered).toBe(2);
    socket.unstick();
    await turnOver();
    expect(socket.text).toBe("ab");
    expect(onTaken).toHaveBeenCalledOnce();
  });
});

describe("what is buffered", () => {
  test("is what waits for the end of the tick, and what the kernel has not taken", async () => {
    const { socket, writer } = make();
    socket.stick();
    push(writer, "ab");
    expect(writer.buffered).toBe(2);
    await turnOver();
    push(writer, "c");
    expect(writer.buffered).toBe(3);
  });

  test.each([
    ["found at the flush", false],
    ["found while the kernel is behind", true],
  ])("is without end where the socket takes nothing more: %s", async (_, isBehind) => {
    const { socket, writer } = make();
    if (isBehind) socket.stick();
    push(writer, "a");
    if (isBehind) await turnOver();
    socket.destroy();
    await turnOver();
    expect(writer.buffered).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a socket that takes nothing more", () => {
  test.each<[string, (socket: Recorder) => unknown]>([
    ["destroyed", (socket) => socket.destroy()],
    ["ended", (socket) => socket.end()],
  ])("because it is %s drops what is pushed, without an error", async (_, finish) => {
    const { socket, writer } = make();
    const onError = vi.fn();
    socket.on("error", onError);
    push(writer, "a");
    finish(socket);
    push(writer, "b", large);
    await turnOver();
    expect(socket.writes).toEqual([]);
    expect(writer.pending).toBe(0);
    expect(onError).not.toHaveBeenCalled();
  });
});

describe("a write that fails", () => {
  test("was not taken: nobody is told that it was", async () => {
    const { socket, writer, onTaken } = make();
    socket.on("error", () => {});
    socket.stick();
    push(writer, "lost");
    writer.awaitTaken();
    writer.flush();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy(new Error("ECONNRESET"));
    await closed;
    expect(onTaken).not.toHaveBeenCalled();
  });
});

describe("over a socket of the system", () => {
  let server: Server;
  let near: Socket;
  let far: Socket;
  let writer: FrameWriter;

  beforeEach(async () => {
    server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    far = connect((server.address() as AddressInfo).port, "127.0.0.1");
    [near] = await once(server, "connection");
    writer = new FrameWriter(near, { taken: () => {} });
  });

  afterEach(() => {
    near.destroy();
    far.destroy();
    server.close();
  });

  const text = (value: string): WebSocketSendEvent => ({ type: "websocket.send", text: value });

  /** All that the far end gets until the near one ends, as the payloads of its frames. */
  async function received(): Promise<string[]> {
    near.end();
    const chunks: Buffer[] = [];
    for await (const chunk of far) chunks.push(chunk);
    return payloadsOf(Buffer.concat(chunks));
  }

  /** Takes all that is kept for large messages, so that there is room for more. */
  function emptyReserve(): void {
    for (let bytes = 1; bufferPool.kept > 0; ) {
      const before = bufferPool.kept;
      bufferPool.lend(bytes);
      if (bufferPool.kept === before) bytes *= 2;
    }
  }

  test("messages of a tick are one write of one piece", async () => {
    const write = vi.spyOn(near, "write");
    for (const value of ["a", "b", "ü"]) writer.send(text(value));
    await turnOver();
    expect(write.mock.calls.map(([data]) => Buffer.from(data).toString("latin1"))).toEqual([
      "\x81\x01a\x81\x01b\x81\x02\xc3\xbc",
    ]);
    expect(await received()).toEqual(["a", "b", "ü"]);
  });

  test("messages that find no room left are written into the same memory, once what was before them is handed over", async () => {
    const values = Array.from({ length: 6 }, (_, index) => `${index % 2 === 0 ? "a" : "ü"}`.repeat(15_000));
    writeBuffer.makeRoom(writeBufferSize);
    const { buffer } = writeBuffer;
    const write = vi.spyOn(near, "write");
    for (const value of values) writer.send(text(value));
    expect(writeBuffer.buffer).toBe(buffer);
    expect(write.mock.calls.length).toBeGreaterThan(0);
    await turnOver();
    expect(await received()).toEqual(values);
  });

  test("a text that is longer than the memory might hold is counted, and finds room where it is short enough", async () => {
    const values = ["x".repeat(40_000), "y".repeat(60_000), "ü".repeat(40_000), "zz"];
    for (const value of values) writer.send(text(value));
    await turnOver();
    expect(await received()).toEqual(values);
  });

  test("prepared, pushed, small and large messages go out in the order of their calls", async () => {
    const prepared = prepare(text("prepared"));
    const values: string[] = [];
    const send = (value: string): void => {
      values.push(value);
      writer.send(text(value));
    };
    for (let round = 0; round < 40; round += 1) {
      send(`small ${round}`);
      values.push("prepared");
      writer.send(prepared);
      if (round % 3 === 0) send(String(round % 10).repeat(30_000));
      if (round % 7 === 0) send("L".repeat(70_000));
      send(`after ${round}`);
      if (round % 5 === 0) await turnOver();
    }
    await turnOver();
    expect(await received()).toEqual(values);
  });

  test("messages of several connections in one tick do not mix", async () => {
    const other = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [nearOther] = await once(server, "connection");
    const otherBox = new FrameWriter(nearOther, { taken: () => {} });
    for (let round = 0; round < 2_000; round += 1) {
      writer.send(text(`mine ${round}`));
      otherBox.send(text(`other ${round}`));
      writer.send(text(`mine too ${round}`));
      if (round % 300 === 0) await turnOver();
    }
    await turnOver();
    nearOther.end();
    const chunks: Buffer[] = [];
    for await (const chunk of other) chunks.push(chunk);
    const rounds = Array.from({ length: 2_000 }, (_, round) => round);
    expect(payloadsOf(Buffer.concat(chunks))).toEqual(rounds.map((round) => `other ${round}`));
    expect(await received()).toEqual(rounds.flatMap((round) => [`mine ${round}`, `mine too ${round}`]));
  });

  test("a peer that does not read is given what was sent, though others send meanwhile", async () => {
    const values = Array.from({ length: 1_200 }, (_, index) => String(index).padEnd(10_000, "."));
    far.pause();
    for (const value of values) {
      writer.send(text(value));
      await turnOver();
    }
    expect(near.writableLength).toBeGreaterThan(0);
    // Memory that was used again too early would show in what the first one gets.
    const busy = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [nearBusy] = await once(server, "connection");
    const busyBox = new FrameWriter(nearBusy, { taken: () => {} });
    busy.resume();
    for (let round = 0; round < 200; round += 1) {
      busyBox.send(text("x".repeat(1_000)));
      await turnOver();
    }
    busy.destroy();
    nearBusy.destroy();
    expect(await received()).toEqual(values);
  });

  test("a peer that does not read is given large messages as they were sent, though others send large ones", async () => {
    const large = (index: number): string => String.fromCharCode(65 + index).repeat(1_000_000);
    const values = Array.from({ length: 12 }, (_, index) => large(index));
    far.pause();
    for (const value of values) writer.send(text(value));
    expect(near.writableLength).toBeGreaterThan(0);
    emptyReserve();
    const { kept } = bufferPool;
    const busy = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [nearBusy] = await once(server, "connection");
    const busyBox = new FrameWriter(nearBusy, { taken: () => {} });
    busy.resume();
    for (let round = 0; round < 5; round += 1) {
      busyBox.send(text("x".repeat(1_000_000)));
      while (bufferPool.kept <= kept) await once(busy, "data");
      await turnOver();
    }
    busy.destroy();
    nearBusy.destroy();
    expect(await received()).toEqual(values);
  });

  test("the memory of large messages is used again when the kernel has taken them, or never will", async () => {
    emptyReserve();
    far.pause();
    for (let count = 0; count < 12; count += 1) writer.send(text("L".repeat(1_000_000)));
    expect(near.writableLength).toBeGreaterThan(0);
    const before = bufferPool.kept;
    near.destroy();
    await once(near, "close");
    await turnOver();
    expect(bufferPool.kept).toBeGreaterThan(before);
    const after = bufferPool.kept;
    writer.send(text("L".repeat(1_000_000)));
    expect(bufferPool.kept).toBe(after);
  });

  test("one that is destroyed between a send and its flush takes nothing, and the others get theirs", async () => {
    const other = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const [nearOther] = await once(server, "connection");
    nearOther.on("error", () => {});
    const otherBox = new FrameWriter(nearOther, { taken: () => {} });
    otherBox.send(text("lost"));
    writer.send(text("kept"));
    nearOther.destroy();
    await turnOver();
    expect(otherBox.buffered).toBe(Number.POSITIVE_INFINITY);
    other.destroy();
    expect(await received()).toEqual(["kept"]);
  });

  test("one that comes alone goes out before the event loop goes on, those of a busy loop at the turn's end", async () => {
    const now = vi.spyOn(systemClock, "now").mockReturnValue(1_000_000);
    const write = vi.spyOn(near, "write");
    writer.send(text("first"));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(write).toHaveBeenCalledTimes(1);
    now.mockReturnValue(1_000_000.02);
    writer.send(text("second"));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    writer.send(text("third"));
    expect(write).toHaveBeenCalledTimes(1);
    await turnOver();
    expect(write).toHaveBeenCalledTimes(2);
    now.mockReturnValue(1_000_001);
    writer.send(text("fourth"));
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(write).toHaveBeenCalledTimes(3);
    expect(await received()).toEqual(["first", "second", "third", "fourth"]);
  });
});
