import { describe, expect, test } from "vitest";
import { type BreachName, breaches } from "../frame/breach.js";
import {
  bytesOf,
  decode,
  type FrameParts,
  frame,
  limits,
  mask,
  message,
  RecordingSink,
  type Told,
} from "../wire.fixture.js";
import { maxTextBytes } from "./decoder-limits.js";
import { FrameDecoder } from "./frame-decoder.js";

const singly = (bytes: Buffer): Buffer[] => [...bytes].map((byte) => Buffer.from([byte]));

/** What a stream means, which must not depend on how it is cut: whole, byte by byte, and in two anywhere. */
function meaning(stream: Buffer, given = limits): readonly Told[] {
  const whole = decode([stream], given);
  expect(decode(singly(stream), given)).toEqual(whole);
  for (let cut = 1; cut < Math.min(stream.length, 40); cut += 1) {
    expect(decode([stream.subarray(0, cut), stream.subarray(cut)], given)).toEqual(whole);
  }
  return whole;
}

const masked = (parts: Omit<FrameParts, "mask">): Buffer => frame({ ...parts, mask });
const text = (payload: string, isFinal = true): Buffer =>
  masked({ opcode: 1, payload: Buffer.from(payload), isFinal });
const more = (payload: string | Uint8Array, isFinal = true): Buffer =>
  masked({ opcode: 0, payload: Buffer.from(payload as string), isFinal });

describe("messages", () => {
  test("the RFC's examples are read (§5.7)", () => {
    expect(meaning(bytesOf("81 85 37fa213d 7f9f4d5158"))).toEqual([["text", "Hello", 5]]);
    const clear = { ...limits, isMasked: false };
    expect(meaning(bytesOf("81 05 48656c6c6f"), clear)).toEqual([["text", "Hello", 5]]);
    expect(meaning(bytesOf("01 03 48656c 80 02 6c6f"), clear)).toEqual([["text", "Hello", 5]]);
    expect(meaning(bytesOf("89 05 48656c6c6f"), clear)).toEqual([["pinged", "48656c6c6f"]]);
  });

  test("several in one chunk come in order, each once", () => {
    const stream = Buffer.concat([
      message("one"),
      message(Buffer.from([2])),
      message(""),
      message(Buffer.alloc(0)),
    ]);
    expect(meaning(stream)).toEqual([
      ["text", "one", 3],
      ["binary", "02"],
      ["text", "", 0],
      ["binary", ""],
    ]);
  });

  test("a length may take more bytes than it needs (§5.2)", () => {
    const stream = Buffer.concat([
      masked({ opcode: 1, payload: Buffer.from("a"), lengthBytes: 2 }),
      masked({ opcode: 1, payload: Buffer.from("b"), lengthBytes: 8 }),
    ]);
    expect(meaning(stream)).toEqual([
      ["text", "a", 1],
      ["text", "b", 1],
    ]);
  });

  test.each([125, 126, 65_535, 65_536, 200_000])("one of %i bytes is read, whole or in pieces", (length) => {
    for (const payload of [Buffer.alloc(length, "a"), Buffer.alloc(length - 2 - (length % 2), "é")]) {
      const stream = message(payload.toString());
      const told = [["text", payload.toString(), payload.length]];
      for (const size of [stream.length, 1_000, 4_093]) {
        const pieces = [];
        for (let at = 0; at < stream.length; at += size) pieces.push(stream.subarray(at, at + size));
        expect(decode(pieces)).toEqual(told);
      }
    }
  });

  test("a text of every kind of character is read, whole or cut within one", () => {
    for (const value of ["é€𝄞", "\uFEFFmark", "a".repeat(300), "é".repeat(300), `${"a".repeat(250)}𝄞`]) {
      expect(meaning(message(value))).toEqual([["text", value, Buffer.byteLength(value)]]);
    }
  });

  test("fragments are one message, and control frames among them are told at once (§5.4)", () => {
    const ping = masked({ opcode: 9, payload: Buffer.from("p") });
    const stream = Buffer.concat([
      text("a", false),
      ping,
      more("b", false),
      more("", false),
      ping,
      more("c"),
      message("d"),
    ]);
    expect(meaning(stream)).toEqual([
      ["pinged", "70"],
      ["pinged", "70"],
      ["text", "abc", 3],
      ["text", "d", 1],
    ]);
  });

  test("fragments may cut a text within a character (§5.6)", () => {
    const [bytes, told] = [Buffer.from("€𝄞"), [["text", "€𝄞", 7]]];
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const [begin, end] = [bytes.subarray(0, cut), bytes.subarray(cut)];
      expect(
        meaning(Buffer.concat([masked({ opcode: 1, payload: begin, isFinal: false }), more(end)])),
      ).toEqual(told);
    }
  });

  test("pings and pongs are told with their payload, and counted with their headers", () => {
    const sink = new RecordingSink();
    const decoder = new FrameDecoder(sink, limits);
    const pong = masked({ opcode: 10, payload: Buffer.alloc(125, 7) });
    for (const piece of singly(
      Buffer.concat([masked({ opcode: 9, payload: Buffer.alloc(0) }), pong, message("x")]),
    )) {
      decoder.push(piece);
    }
    expect(sink.told).toEqual([
      ["pinged", ""],
      ["ponged", "07".repeat(125)],
      ["text", "x", 1],
    ]);
    expect(decoder.controlBytes).toBe(6 + 131);
  });

  test("compressed ones are told as they are, where that was negotiated (RFC 7692 §6)", () => {
    const deflate = { ...limits, isDeflate: true };
    const bytes = Buffer.from([0xff, 0x80]);
    const begin = masked({ opcode: 1, payload: bytes, reserved: 0x40, isFinal: false });
    const single = masked({ opcode: 2, payload: bytes, reserved: 0x40 });
    expect(meaning(Buffer.concat([begin, more(bytes), single, message("plain")]), deflate)).toEqual([
      ["compressed", "ff80ff80", true],
      ["compressed", "ff80", false],
      ["text", "plain", 5],
    ]);
  });
});

describe("a binary message", () => {
  test("is a part of the chunk in which it lay, and memory of its own otherwise", () => {
    const seen: Uint8Array[] = [];
    const sink = Object.assign(new RecordingSink(), { binary: (bytes: Uint8Array) => void seen.push(bytes) });
    const decoder = new FrameDecoder(sink, limits);
    const chunk = message(Buffer.from("within"));
    decoder.push(chunk);
    const cut = message(Buffer.from("in two"));
    decoder.push(cut.subarray(0, 8));
    decoder.push(cut.subarray(8));
    expect(seen.map(String)).toEqual(
      [Buffer.from("within"), Buffer.from("in two")].map((bytes) => String(bytes)),
    );
    expect(seen.map(({ buffer }) => buffer === chunk.buffer)).toEqual([true, false]);
  });
});

describe("a breach", () => {
  const head = (hex: string): Buffer => bytesOf(hex);
  const cases: ReadonlyArray<readonly [BreachName, string, Buffer]> = [
    ["reservedBits", "RSV1 without an extension", head("c180")],
    ["reservedBits", "RSV2", head("a180")],
    ["reservedBits", "RSV3", head("9180")],
    ["notMasked", "a frame without a mask", head("8101")],
    ["unknownOpcode", "a reserved data opcode", head("8380")],
    ["unknownOpcode", "a reserved control opcode", head("8b80")],
    ["fragmentedControl", "a ping in fragments", head("0980")],
    ["longControl", "a ping of 126 bytes", head("89fe")],
    ["halfCloseCode", "a close frame of one byte", head("8881")],
    ["closeCode", "close code 999", masked({ opcode: 8, payload: bytesOf("03e7") })],
    ["closeCode", "close code 1005", masked({ opcode: 8, payload: bytesOf("03ed") })],
    ["closeCode", "close code 1016", masked({ opcode: 8, payload: bytesOf("03f8") })],
    ["closeCode", "close code 5000", masked({ opcode: 8, payload: bytesOf("1388") })],
    ["continuationOfNothing", "a continuation of nothing", head("8080")],
    ["messageInMessage", "a text within a message", Buffer.concat([text("a", false), head("8180")])],
    ["messageInMessage", "a binary within a message", Buffer.concat([text("a", false), head("0280")])],
    ["tooBig", "a length above the limit, on its header", head("82ff0000000000100001")],
    ["tooBig", "a length of 2^64 - 1", head("82ffffffffffffffffff")],
    [
      "tooBig",
      "fragments above the limit together",
      Buffer.concat([text("a", false), head("80ff0000000000100000")]),
    ],
    ["notUtf8", "a text that is no UTF-8", masked({ opcode: 1, payload: bytesOf("61ff") })],
    ["notUtf8", "a text that ends within a character", masked({ opcode: 1, payload: bytesOf("c3") })],
    ["notUtf8", "a fragmented text that ends so", Buffer.concat([text("a", false), more(bytesOf("c3"))])],
    ["notUtf8", "a close reason that is none", masked({ opcode: 8, payload: bytesOf("03e8ff") })],
  ];

  test.each(cases)("%s: %s", (name, _what, stream) => {
    expect(meaning(stream)).toEqual([["breached", breaches[name]]]);
  });

  test("of too many fragments is told with the header of the one above the limit", () => {
    const few = { ...limits, maxFragments: 3 };
    const three = Buffer.concat([text("", false), more("", false), more("", false)]);
    expect(meaning(three, few)).toEqual([]);
    expect(meaning(Buffer.concat([three, more("")]), few)).toEqual([["breached", breaches.tooManyFragments]]);
    const allowed = Buffer.concat([text("", false), more("", false), more("")]);
    expect(meaning(Buffer.concat([allowed, allowed]), few)).toEqual([
      ["text", "", 0],
      ["text", "", 0],
    ]);
  });

  test("of UTF-8 is told at the first bad byte, also within a frame and a fragment that are still coming", () => {
    const long = message(Buffer.concat([Buffer.from("good"), bytesOf("ff"), Buffer.alloc(1_000)]));
    long[0] = 0x81;
    const sink = new RecordingSink();
    const decoder = new FrameDecoder(sink, limits);
    const header = 8;
    decoder.push(Buffer.from(long.subarray(0, header + 4)));
    expect(sink.told).toEqual([]);
    decoder.push(Buffer.from(long.subarray(header + 4, header + 5)));
    expect(sink.told).toEqual([["breached", breaches.notUtf8]]);
    expect(decode([masked({ opcode: 1, payload: bytesOf("f4908080"), isFinal: false })])).toEqual([
      ["breached", breaches.notUtf8],
    ]);
  });

  test("masked frames are one for a client", () => {
    expect(meaning(message("x"), { ...limits, isMasked: false })).toEqual([["breached", breaches.masked]]);
  });

  test("of RSV1 is one on a control frame and on a continuation, though compression was negotiated", () => {
    const deflate = { ...limits, isDeflate: true };
    const told = [["breached", breaches.reservedBits]];
    expect(meaning(bytesOf("c980"), deflate)).toEqual(told);
    expect(meaning(Buffer.concat([text("a", false), bytesOf("c080")]), deflate)).toEqual(told);
  });

  test("ends the reading: what follows means nothing", () => {
    expect(meaning(Buffer.concat([bytesOf("8180000000008380"), message("late")]))).toEqual([
      ["text", "", 0],
      ["breached", breaches.unknownOpcode],
    ]);
  });
});

describe("the close frame", () => {
  test.each([
    ["880000", 1005, ""],
    ["03e8", 1000, ""],
    [`0fa1${Buffer.from("bye €").toString("hex")}`, 4001, "bye €"],
  ])("is told with its code and reason (%s)", (hex, code, reason) => {
    const payload = code === 1005 ? Buffer.alloc(0) : bytesOf(hex);
    expect(meaning(Buffer.concat([masked({ opcode: 8, payload }), message("late")]))).toEqual([
      ["closed", code, reason],
    ]);
  });

  test("may come within a message, which then never ends", () => {
    const stream = Buffer.concat([text("a", false), masked({ opcode: 8, payload: bytesOf("03e8") })]);
    expect(meaning(stream)).toEqual([["closed", 1000, ""]]);
  });
});

describe("decoders side by side", () => {
  test("read each its own frames, however these are cut and whichever limits they have", () => {
    const few = { ...limits, maxPayload: 300 };
    const streams = [
      [
        limits,
        Buffer.concat([
          text("first", false),
          more("a".repeat(200)),
          masked({ opcode: 9, payload: Buffer.from("p") }),
        ]),
      ],
      [limits, Buffer.concat([message(Buffer.alloc(400, 7)), text("b".repeat(130))])],
      [few, Buffer.concat([message(Buffer.alloc(300, 7)), text("c".repeat(301))])],
    ] as const;
    const sinks = streams.map(() => new RecordingSink());
    const decoders = streams.map(([given], index) => new FrameDecoder(sinks[index] as RecordingSink, given));
    const expected = streams.map(([given, stream]) => decode([Buffer.from(stream)], given));
    const longest = Math.max(...streams.map(([, { length }]) => length));
    for (let at = 0; at < longest; at += 3) {
      for (const [index, [, stream]] of streams.entries()) {
        const piece = Buffer.from(stream.subarray(at, at + 3));
        if (piece.length > 0) decoders[index]?.push(piece);
      }
    }
    expect(sinks.map(({ told }) => told)).toEqual(expected);
  });

  test("may be given bytes while another tells a message", () => {
    const inner = new RecordingSink();
    const other = new FrameDecoder(inner, limits);
    class Passing extends RecordingSink {
      override text(told: string, bytes: number): void {
        super.text(told, bytes);
        other.push(message(Buffer.from(told)));
      }
    }
    const outer = new Passing();
    const decoder = new FrameDecoder(outer, limits);
    decoder.push(Buffer.concat([text("a"), text("b", false), more("c"), text("d")]));
    expect(outer.told).toEqual([
      ["text", "a", 1],
      ["text", "bc", 2],
      ["text", "d", 1],
    ]);
    expect(inner.told).toEqual([
      ["binary", "61"],
      ["binary", "6263"],
      ["binary", "64"],
    ]);
  });
});

describe("holding", () => {
  test("ends the push behind the current frame; what was not taken goes on as if never held", () => {
    const ping = masked({ opcode: 9, payload: Buffer.alloc(0) });
    const stream = Buffer.concat([message("one"), text("t", false), ping, more("wo"), message("three")]);
    const free = decode([stream]);
    for (let size = 1; size <= stream.length; size += 1) {
      const sink = new RecordingSink();
      const decoder = new FrameDecoder(sink, limits);
      sink.onTold = () => decoder.hold();
      let rest = Buffer.alloc(0);
      for (let at = 0; at < stream.length; at += size) {
        rest = Buffer.concat([rest, stream.subarray(at, at + size)]);
        for (let left = -1; left !== rest.length; ) {
          left = rest.length;
          const before = sink.told.length;
          rest = rest.subarray(decoder.push(Buffer.from(rest)));
          expect(sink.told.length - before).toBeLessThanOrEqual(1);
        }
      }
      expect(rest).toHaveLength(0);
      expect(sink.told).toEqual(free);
    }
  });
});

describe("stopping", () => {
  test("takes and tells nothing any more, also from within a call", () => {
    const sink = new RecordingSink();
    const decoder = new FrameDecoder(sink, limits);
    sink.onTold = () => decoder.stop();
    const stream = Buffer.concat([message("one"), message("two")]);
    expect([decoder.push(stream), decoder.isStopped]).toEqual([stream.length, true]);
    expect(decoder.push(message("three"))).toBe(message("three").length);
    expect(sink.told).toEqual([["text", "one", 3]]);
  });
});

describe("what has begun and is not whole", () => {
  const bare = (): FrameDecoder => new FrameDecoder(new RecordingSink(), limits);

  test("is known after each byte, for every length of a frame", () => {
    for (const length of [0, 1, 125, 126, 65_535, 65_536]) {
      const decoder = bare();
      const bytes = message(Buffer.alloc(length));
      const seen = new Set<number>();
      for (const byte of bytes.subarray(0, -1)) {
        decoder.push(Buffer.of(byte));
        seen.add(decoder.unfinished);
      }
      expect(seen).toEqual(new Set([1]));
      decoder.push(Buffer.of(bytes.at(-1) as number));
      expect(decoder.unfinished).toBe(0);
    }
  });

  test("is a message from its first fragment to its last, whatever control frames come between", () => {
    const decoder = bare();
    const ping = masked({ opcode: 9, payload: Buffer.from("p") });
    const pong = masked({ opcode: 10, payload: Buffer.alloc(0) });
    const seen = [
      text("a", false),
      ping,
      pong.subarray(0, 3),
      pong.subarray(3),
      more("b", false),
      more("c"),
      message("d"),
      text("e", false),
    ].map((chunk) => {
      decoder.push(Buffer.from(chunk));
      return decoder.unfinished;
    });
    expect(seen).toEqual([1, 1, 1, 1, 1, 0, 0, 7]);
  });

  test("is a control frame as well, and no two have the same number", () => {
    const decoder = bare();
    const ping = masked({ opcode: 9, payload: Buffer.from("p") });
    decoder.push(Buffer.concat([ping, ping.subarray(0, 3)]));
    expect(decoder.unfinished).toBe(2);
    decoder.push(Buffer.concat([ping.subarray(3), ping.subarray(0, 6)]));
    expect(decoder.unfinished).toBe(3);
  });
});

test("a compressed message may come a little longer than it may be, for what can't be compressed grows", () => {
  const deflate = { maxPayload: 100_000, maxFragments: 10, isDeflate: true };
  const most = 100_000 + Math.floor(100_000 / 1024) + 64;
  const compressed = (length: number): Buffer =>
    masked({ opcode: 2, payload: Buffer.alloc(length), reserved: 0x40 });
  expect(decode([compressed(most)], deflate).map(([kind]) => kind)).toEqual(["compressed"]);
  expect(decode([compressed(most + 1)], deflate)).toEqual([["breached", breaches.tooBig]]);
  const begin = masked({ opcode: 2, payload: Buffer.alloc(100_000), reserved: 0x40, isFinal: false });
  expect(decode([Buffer.concat([begin, more("more")])], deflate).map(([kind]) => kind)).toEqual([
    "compressed",
  ]);
  expect(decode([message(Buffer.alloc(100_001))], deflate)).toEqual([["breached", breaches.tooBig]]);
});

test("limits out of range are refused", () => {
  const make = (given: object) => () => new FrameDecoder(new RecordingSink(), { ...limits, ...given });
  expect(make({ maxPayload: maxTextBytes + 1 })).toThrow(
    /maxPayload: expected 0 to 536870888 bytes, got 536870889/,
  );
  expect(make({ maxPayload: Number.NaN })).toThrow(RangeError);
  expect(make({ maxPayload: -1 })).toThrow(RangeError);
  expect(make({ maxFragments: 0 })).toThrow(/maxFragments: expected 1 or more, got 0/);
  expect(make({ maxFragments: Number.POSITIVE_INFINITY })).not.toThrow();
});
