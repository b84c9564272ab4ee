import { randomBytes } from "node:crypto";
import { once } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { closing, frame, goodbye, opcode } from "../faults/frames.fixture.js";
import { Case, compressed, deflate, settle } from "./frame-socket.fixture.js";

const large = Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join("");
const noise = randomBytes(3_000);
const deflated = { perMessageDeflate: true, offer: "permessage-deflate" } as const;

/** A compressed message in fragments. */
function fragmented(payload: string, pieces: number): Buffer[] {
  const bytes = deflate(payload);
  const size = Math.ceil(bytes.length / pieces);
  return Array.from({ length: pieces }, (_, index) =>
    frame(index === 0 ? opcode.text : opcode.continuation, bytes.subarray(index * size, (index + 1) * size), {
      fin: index === pieces - 1,
      rsv: index === 0 ? 4 : 0,
    }),
  );
}

describe("while it is paused", () => {
  const texts = Array.from({ length: 50 }, (_, index) => `message ${index}`);
  const bytes = Buffer.concat(texts.map((text) => frame(opcode.text, text)));

  test("nothing is told behind the message with which that began; then all comes in order, and the end", async () => {
    const one = new Case();
    one.onTold = () => one.socket.pause();
    one.end(bytes);
    for (let count = 1; count <= texts.length; count += 1) {
      await one.until(() => one.told.length >= count);
      await settle();
      // Behind the last of them is the end, which has no need to wait.
      expect(one.told).toEqual(count < texts.length ? texts.slice(0, count) : [...texts, ["ended", 1006]]);
      one.socket.resume();
    }
  });

  test("what came meanwhile is counted once, when it is read", async () => {
    const one = new Case();
    one.onTold = () => one.socket.pause();
    one.write(bytes);
    await one.until(() => one.told.length === 1);
    expect(one.socket.received).toBe(frame(opcode.text, "message 0").length);
    one.onTold = () => {};
    one.socket.resume();
    await one.until(() => one.told.length === texts.length);
    expect(one.socket.received).toBe(bytes.length);
  });

  test("a message that comes compressed stops it as others do", async () => {
    const one = new Case(deflated);
    one.onTold = () => one.socket.pause();
    one.write(Buffer.concat([compressed("first"), compressed(large), compressed("third")]));
    for (const told of [["first"], ["first", large], ["first", large, "third"]]) {
      await one.until(() => one.told.length >= told.length);
      await settle();
      expect(one.told).toEqual(told);
      one.socket.resume();
    }
  });

  test("what had come before the socket was destroyed is still told", async () => {
    const one = new Case();
    one.onTold = () => {
      if (one.told.length === 1) one.socket.pause();
    };
    one.write(bytes);
    await one.until(() => one.told.length === 1);
    await settle();
    one.near.destroy();
    await one.until(() => one.told.length > texts.length + 1);
    expect(one.told).toEqual([...texts, ["ended", 1006], ["released"]]);
  });

  test("what had come before it is told up to a close frame, and up to what has to be inflated at length", async () => {
    for (const [last, more] of [
      [goodbye, [["ended", 1000]]],
      [compressed(large), []],
    ] as const) {
      const one = new Case(deflated);
      one.onTold = () => {
        if (one.told.length === 1) one.socket.pause();
      };
      one.write(Buffer.concat([bytes, last, frame(opcode.text, "behind it")]));
      await one.until(() => one.told.length === 1);
      await settle();
      one.near.destroy();
      await one.until(() => one.told.at(-1)?.[0] === "released");
      expect(one.told).toEqual([...texts, ...more, ["ended", 1006], ["released"]]);
    }
  });
});

describe("the end of the stream", () => {
  test("is told behind what is being inflated", async () => {
    const one = new Case(deflated);
    one.end(Buffer.concat([compressed(large), compressed("last"), Buffer.from([0x81])]));
    await one.until(() => one.told.length === 3);
    expect(one.told).toEqual([large, "last", ["ended", 1006]]);
  });

  test("sends what was sent in the same tick, and ends our side once", async () => {
    const one = new Case();
    let ends = 0;
    const { end } = one.near;
    one.near.end = function counted(...given: unknown[]) {
      ends += 1;
      return Reflect.apply(end, this, given);
    };
    one.onTold = () => one.socket.send({ type: "websocket.send", text: "last" });
    const read: Buffer[] = [];
    one.client.on("data", (chunk: Buffer) => read.push(chunk));
    one.end(frame(opcode.text, "a"));
    await once(one.client, "end");
    expect(Buffer.concat(read).toString("latin1")).toBe("\x81\x04last\x81\x04last");
    one.socket.close(1000, "");
    await settle();
    expect(ends).toBe(1);
  });
});

describe("a close", () => {
  test.each([
    ["with its code and reason", frame(opcode.close, closing(4_001, "bye")), "88050fa1627965"],
    ["without a code", frame(opcode.close), "8800"],
  ])("of the peer's is answered %s, and both streams end", async (_name, bytes, answer) => {
    const one = new Case();
    one.write(bytes);
    expect(((await once(one.client, "data"))[0] as Buffer).toString("hex")).toBe(answer);
    one.client.end();
    await one.until(() => one.told.at(-1)?.[0] === "released");
  });

  test("of ours is sent once, and nothing behind it; the peer's answer ends the stream", async () => {
    const one = new Case();
    const read: Buffer[] = [];
    one.client.on("data", (chunk: Buffer) => read.push(chunk));
    one.socket.send({ type: "websocket.send", text: "a" });
    one.socket.close(4_000, "");
    one.socket.close(4_001, "");
    one.write(frame(opcode.ping));
    await settle();
    expect([one.socket.isOpen, one.near.writableEnded]).toEqual([false, false]);
    one.write(goodbye);
    await once(one.client, "end");
    expect(Buffer.concat(read).toString("hex")).toBe("810161" + "88020fa0");
  });

  test("for a breach ends the stream at once, for nobody answers it", async () => {
    const one = new Case();
    one.write(frame(3));
    await one.until(() => one.told.length === 1);
    one.socket.close(1002, "");
    one.client.resume();
    await once(one.client, "end");
    expect(one.told).toEqual([["breached", 1002]]);
  });
});

describe("with permessage-deflate", () => {
  /** What comes, and what is told. */
  const kinds: readonly (readonly [string, readonly Buffer[], string | Uint8Array])[] = [
    ["a small message", [compressed("small")], "small"],
    ["an empty one", [compressed("")], ""],
    ["bytes", [compressed(noise, opcode.binary)], new Uint8Array(noise)],
    ["a large one", [compressed(large)], large],
    ["one of fragments", fragmented("in many parts", 3), "in many parts"],
  ];

  test.each(kinds)("%s is told inflated", async (_name, frames, expected) => {
    const one = new Case(deflated);
    one.write(Buffer.concat(frames));
    await one.until(() => one.told.length === 1);
    expect(one.told).toEqual([expected]);
  });

  test("all come in order, wherever what comes is cut", async () => {
    const begun = frame(opcode.text, "be", { fin: false });
    const pieces: readonly (readonly [Buffer, string | Uint8Array])[] = [
      ...kinds
        .filter(([name]) => name !== "a large one")
        .map(([, frames, told]) => [Buffer.concat(frames), told] as const),
      [frame(opcode.text, "plain"), "plain"],
      [frame(opcode.binary, noise.subarray(0, 300)), new Uint8Array(noise.subarray(0, 300))],
      [Buffer.concat([begun, frame(opcode.ping), frame(opcode.continuation, "gun")]), "begun"],
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4_000 }),
        async (drawn, step) => {
          const one = new Case(deflated);
          const wire = Buffer.concat([...drawn.map(([bytes]) => bytes), goodbye]);
          for (let at = 0; at < wire.length; at += step) one.write(wire.subarray(at, at + step));
          await one.until(() => one.told.length > drawn.length);
          expect(one.told).toEqual([...drawn.map(([, told]) => told), ["ended", 1000]]);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("messages that refer to earlier ones are inflated, where the client keeps its context", async () => {
    const one = new Case({
      perMessageDeflate: { clientNoContextTakeover: false },
      offer: "permessage-deflate",
    });
    one.write(Buffer.concat([compressed("one"), compressed("two")]));
    await one.until(() => one.told.length === 2);
    expect(one.told).toEqual(["one", "two"]);
    one.client.destroy();
    one.near.destroy();
    await one.until(() => one.told.at(-1)?.[0] === "released");
  });

  const [first = Buffer.of(), second = Buffer.of()] = fragmented("one", 3);
  const declared = Buffer.from([0xc1, 0xff, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]);

  test.each([
    ["bytes that can't be inflated", frame(opcode.text, "\xff\xff\xff\xff", { rsv: 4 }), 1007, {}],
    ["a text that is not UTF-8", compressed(Buffer.from([0x61, 0xff])), 1007, {}],
    ["more than may be, of little", compressed(new Uint8Array(2_000_000)), 1009, {}],
    ["more than may be, where that is little", compressed("x".repeat(1_001)), 1009, { maxPayload: 1_000 }],
    ["a length that is too much, before the mask has come", declared, 1009, {}],
    ["fragments without end", Buffer.concat([first, second, second]), 1008, { maxFragments: 2 }],
    ["a message inside a message", Buffer.concat([first, frame(opcode.text, "two")]), 1002, {}],
    ["a compressed one inside a message", Buffer.concat([first, compressed("two")]), 1002, {}],
    ["RSV1 on a continuation", Buffer.concat([first, frame(0, "x", { rsv: 4 })]), 1002, {}],
  ])("%s is a breach, and nothing is told after it", async (_name, bytes, code, limits) => {
    const one = new Case({ ...deflated, ...limits });
    one.write(Buffer.concat([bytes, compressed("after")]));
    await one.until(() => one.told.length > 0);
    one.write(compressed("later"));
    await settle();
    expect(one.told).toEqual([["breached", code]]);
  });

  test("what is being inflated when the socket is destroyed is dropped", async () => {
    const one = new Case(deflated);
    one.write(compressed(large));
    await once(one.near, "data");
    one.near.destroy();
    await one.until(() => one.told.at(-1)?.[0] === "released");
    // Two more that take as long are done behind it.
    for (let count = 0; count < 2; count += 1) {
      const next = new Case(deflated);
      next.write(compressed(large));
      await next.until(() => next.told.length === 1);
    }
    expect(one.told).toEqual([["ended", 1006], ["released"]]);
  });
});

test("what comes with the handshake is read first", async () => {
  const one = new Case({ early: frame(opcode.text, "early") });
  one.write(frame(opcode.text, "later"));
  await one.until(() => one.told.length === 2);
  expect(one.told).toEqual(["early", "later"]);
});
