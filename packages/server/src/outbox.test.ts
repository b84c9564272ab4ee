import { Duplex } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import { Outbox } from "./outbox.js";

/** A socket that remembers each write as the kernel would see it: one chunk, or several handed over together. */
class Recorder extends Duplex {
  readonly writes: Uint8Array[][] = [];
  #isStuck = false;

  /** From now on the kernel takes nothing more. */
  stick(): void {
    this.#isStuck = true;
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
    if (!this.#isStuck) callback();
  }
}

interface Made {
  readonly socket: Recorder;
  readonly outbox: Outbox;
  readonly onWritten: ReturnType<typeof vi.fn<() => void>>;
}

function make(): Made {
  const socket = new Recorder();
  const onWritten = vi.fn<() => void>();
  return { socket, outbox: new Outbox(socket, onWritten), onWritten };
}

function push(outbox: Outbox, ...texts: readonly string[]): void {
  for (const text of texts) outbox.push([Buffer.from(text, "latin1")]);
}

/** The end of this turn of the event loop. */
async function turnOver(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

const large = "L".repeat(65_537);

describe("the frames of one tick", () => {
  test("are one write, in the order in which they came, before the event loop goes on", async () => {
    const { socket, outbox } = make();
    push(outbox, "a", "b");
    outbox.push([Buffer.from("c"), Buffer.from("d")]);
    expect(socket.writes).toEqual([]);
    await new Promise<void>((resolve) => process.nextTick(resolve));
    expect(socket.writes).toHaveLength(1);
    expect(socket.writes[0]).toHaveLength(1);
    expect(socket.text).toBe("abcd");
    await turnOver();
    expect(socket.writes).toHaveLength(1);
  });

  test("are not copied where there is only one", async () => {
    const { socket, outbox } = make();
    const frame = Buffer.from("a");
    outbox.push([frame]);
    await turnOver();
    expect(socket.writes[0]?.[0]).toBe(frame);
  });

  test("are counted until they are handed over", async () => {
    const { outbox } = make();
    expect(outbox.pending).toBe(0);
    push(outbox, "abc", "de");
    expect(outbox.pending).toBe(5);
    await turnOver();
    expect(outbox.pending).toBe(0);
  });

  test("of several connections are each their own write", async () => {
    const all = [make(), make(), make()];
    for (const { outbox } of all) push(outbox, "a", "b");
    await turnOver();
    for (const { socket } of all)
      expect(socket.writes.map((chunks) => Buffer.concat(chunks).toString())).toEqual(["ab"]);
  });

  test("are followed by those of the next", async () => {
    const { socket, outbox } = make();
    push(outbox, "a");
    await turnOver();
    push(outbox, "b");
    await turnOver();
    expect(socket.writes).toHaveLength(2);
    expect(socket.text).toBe("ab");
  });

  test("that are pushed while others are handed over go out too", async () => {
    const { socket, outbox } = make();
    const other = make();
    other.onWritten.mockImplementationOnce(() => push(outbox, "late"));
    push(outbox, "early ");
    push(other.outbox, "x");
    await turnOver();
    expect(socket.text).toBe("early late");
  });
});

describe("a flush", () => {
  test("hands over at once, so that what follows by another way comes after", async () => {
    const { socket, outbox } = make();
    push(outbox, "a");
    outbox.flush();
    socket.write("ping");
    push(outbox, "b");
    await turnOver();
    expect(socket.text).toBe("apingb");
  });

  test("of nothing writes nothing", async () => {
    const { socket, outbox, onWritten } = make();
    outbox.flush();
    push(outbox, "a");
    outbox.flush();
    await turnOver();
    expect(socket.writes).toHaveLength(1);
    expect(onWritten).toHaveBeenCalledOnce();
  });
});

describe("more than 64 KiB in one tick", () => {
  test("are handed over at once and together, nothing copied", () => {
    const { socket, outbox } = make();
    const frames = [Buffer.from("head"), Buffer.from(large)];
    outbox.push(frames);
    expect(outbox.pending).toBe(0);
    expect(socket.writes).toHaveLength(1);
    expect(socket.writes[0]?.map((chunk, index) => chunk === frames[index])).toEqual([true, true]);
  });

  test("take along what waits, and what comes after stays behind", async () => {
    const { socket, outbox } = make();
    push(outbox, "a", "b", large, "c", "d");
    await turnOver();
    expect(socket.text).toBe(`ab${large}cd`);
    expect(socket.writes.map((chunks) => chunks.length)).toEqual([3, 1]);
  });

  test("may be many small ones: no more than that is joined", async () => {
    const { socket, outbox } = make();
    const half = "x".repeat(32_768);
    push(outbox, half, half);
    expect(socket.writes).toHaveLength(0);
    push(outbox, "y");
    expect(socket.writes).toHaveLength(1);
    await turnOver();
    expect(socket.text).toBe(`${half}${half}y`);
  });
});

describe("the writer", () => {
  test("is told of each write that the kernel has taken", async () => {
    const { outbox, onWritten } = make();
    push(outbox, "a", "b");
    await turnOver();
    expect(onWritten).toHaveBeenCalledOnce();
  });

  test("is not told of one that it has not", async () => {
    const { socket, outbox, onWritten } = make();
    socket.stick();
    push(outbox, "a");
    await turnOver();
    expect(socket.writes).toHaveLength(1);
    expect(onWritten).not.toHaveBeenCalled();
  });
});

describe("a socket that takes nothing more", () => {
  test.each<[string, (socket: Recorder) => unknown]>([
    ["destroyed", (socket) => socket.destroy()],
    ["ended", (socket) => socket.end()],
  ])("because it is %s drops what is pushed, without an error", async (_, finish) => {
    const { socket, outbox } = make();
    const onError = vi.fn();
    socket.on("error", onError);
    push(outbox, "a");
    finish(socket);
    push(outbox, "b", large);
    await turnOver();
    expect(socket.writes).toEqual([]);
    expect(outbox.pending).toBe(0);
    expect(onError).not.toHaveBeenCalled();
  });
});

describe("a write that fails", () => {
  test("was not taken: nobody is told that it was", async () => {
    const { socket, outbox, onWritten } = make();
    socket.on("error", () => {});
    socket.stick();
    push(outbox, "lost");
    outbox.flush();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy(new Error("ECONNRESET"));
    await closed;
    expect(onWritten).not.toHaveBeenCalled();
  });
});
