import { randomBytes } from "node:crypto";
import { createDeflateRaw, createInflateRaw, deflateRawSync } from "node:zlib";
import type { WebSocketSendEvent } from "@ws/events";
import { breaches } from "@ws/protocol";
import { describe, expect, test } from "vitest";
import { type DeflateSettings, deflateSettings } from "../options/deflate-options.js";
import { ContextDeflater } from "./context-deflater.js";
import { ContextInflater } from "./context-inflater.js";
import type { Inflated } from "./inflater.js";
import { TaskLimit } from "./task-limit.js";

const settings = deflateSettings({ serverNoContextTakeover: false }) as DeflateSettings;
const sentence = `a sentence that comes more than once: ${randomBytes(300).toString("base64")}`;

/** A peer that compresses with a context. */
class Peer {
  readonly #stream = createDeflateRaw();

  /** The payload of the next message. */
  async deflate(text: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    const onData = (chunk: Buffer): void => void chunks.push(chunk);
    this.#stream.on("data", onData);
    this.#stream.write(text);
    await new Promise<void>((resolve) => this.#stream.flush(2, resolve));
    this.#stream.off("data", onData);
    return Buffer.concat(chunks).subarray(0, -4);
  }
}

function inflaterOf(maxPayload = 1_048_576, limit = new TaskLimit(10)): ContextInflater {
  return new ContextInflater({ maxPayload, zlibInflateOptions: undefined, limit }, 15);
}

function inflate(one: ContextInflater, payload: Uint8Array): Promise<Inflated> {
  return new Promise((resolve) => one.inflate(payload, resolve));
}

const textOf = (result: Inflated): string =>
  result instanceof Uint8Array ? Buffer.from(result).toString() : result.reason;

describe("messages that refer to earlier ones", () => {
  test("are inflated one after the other", async () => {
    const [peer, one] = [new Peer(), inflaterOf()];
    const payloads = [await peer.deflate(sentence), await peer.deflate(sentence), await peer.deflate("")];
    expect(payloads[1]?.length).toBeLessThan(50);
    for (const [index, payload] of payloads.entries()) {
      expect(textOf(await inflate(one, payload))).toBe(index < 2 ? sentence : "");
    }
    one.close();
  });

  test("go on behind one with which the client has ended its stream (RFC 7692 §7.2.3.4)", async () => {
    const one = inflaterOf();
    for (let count = 0; count < 3; count += 1) {
      expect(textOf(await inflate(one, deflateRawSync(sentence)))).toBe(sentence);
    }
    one.close();
  });

  test("that grow over the limit are a breach, found before more is inflated", async () => {
    const one = inflaterOf(1_000);
    expect(await inflate(one, deflateRawSync(new Uint8Array(50_000_000)))).toBe(breaches.tooBig);
    one.close();
  });

  test("that can't be inflated are a breach", async () => {
    const result = await inflate(inflaterOf(), Buffer.from([0xff, 0xff, 0xff]));
    expect(result).toMatchObject({
      code: 1007,
      reason: expect.stringContaining("invalid compressed data: "),
    });
  });

  test("are dropped when the connection is over, whether they have begun or wait for others", async () => {
    const limit = new TaskLimit(1);
    const [first, second] = [inflaterOf(1_000, limit), inflaterOf(1_000, limit)];
    const told: Inflated[] = [];
    first.inflate(deflateRawSync(sentence), (result) => told.push(result));
    second.inflate(deflateRawSync(sentence), (result) => told.push(result));
    second.close();
    first.close();
    const third = inflaterOf(1_000, limit);
    expect(textOf(await inflate(third, deflateRawSync(sentence)))).toBe(sentence);
    expect(told).toEqual([]);
    third.close();
  });
});

describe("messages that are compressed with a context", () => {
  const event = (text: string): WebSocketSendEvent => ({ type: "websocket.send", text });

  function frame(one: ContextDeflater, given: WebSocketSendEvent): Promise<Uint8Array> {
    return new Promise((resolve) => one.frameLater(given, resolve));
  }

  test("refer to those before them, and the peer undoes them in order", async () => {
    const one = new ContextDeflater(settings, new TaskLimit(10), 15);
    expect(one.frameNow()).toBeUndefined();
    expect([one.isPlain(event("")), one.isPlain(event("a"))]).toEqual([true, false]);
    const frames = [await frame(one, event(sentence)), await frame(one, event(sentence))];
    expect(frames.map(([first]) => first)).toEqual([0xc1, 0xc1]);
    expect(frames[1]?.length).toBeLessThan(60);
    const peer = createInflateRaw();
    const bytes = await frame(one, { type: "websocket.send", bytes: Buffer.from(sentence) });
    expect(bytes[0]).toBe(0xc2);
    let text = "";
    peer.on("data", (chunk: Buffer) => {
      text += String(chunk);
    });
    for (const each of [...frames, bytes]) {
      peer.write(each.subarray((each[1] as number) === 126 ? 4 : 2));
      peer.write(Buffer.from([0, 0, 0xff, 0xff]));
    }
    await new Promise<void>((resolve) => peer.flush(resolve));
    expect(text).toBe(sentence.repeat(3));
    one.close();
  });

  test("are dropped when the connection is over, whether they have begun or wait for others", async () => {
    const limit = new TaskLimit(1);
    const [first, second, third] = [1, 2, 3].map(() => new ContextDeflater(settings, limit, 15));
    const told: Uint8Array[] = [];
    first?.frameLater(event(sentence), (made) => told.push(made));
    second?.frameLater(event(sentence), (made) => told.push(made));
    second?.close();
    first?.close();
    expect((await frame(third as ContextDeflater, event(sentence)))[0]).toBe(0xc1);
    expect(told).toEqual([]);
    third?.close();
  });

  test("go as they are where zlib fails", async () => {
    const failing = { ...settings, zlibDeflateOptions: { signal: AbortSignal.abort() } };
    const one = new ContextDeflater(failing as DeflateSettings, new TaskLimit(10), 15);
    for (let count = 0; count < 2; count += 1) {
      expect(Buffer.from(await frame(one, event(sentence))).includes(sentence)).toBe(true);
    }
    one.close();
  });
});
