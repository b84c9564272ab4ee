import { prepare, type WebSocketSendEvent } from "@ws/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeClose, encodeFrame, encodePing, encodePong, maxFrameLength } from "./frame-encoder.js";

interface Frame {
  readonly fin: boolean;
  readonly reserved: number;
  readonly opcode: number;
  readonly masked: boolean;
  readonly lengthBytes: number;
  readonly payload: Uint8Array;
}

/** Reads exactly one frame, by RFC 6455 §5.2 and by nothing of ours. */
function parse(bytes: Uint8Array): Frame {
  const data = Buffer.from(bytes);
  const first = data.readUInt8(0);
  const second = data.readUInt8(1);
  const short = second & 0x7f;
  const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
  const payload = data.subarray(2 + lengthBytes);
  let length = short;
  if (lengthBytes > 0) length = Number.parseInt(data.toString("hex", 2, 2 + lengthBytes), 16);
  expect(payload.length).toBe(length);
  return {
    fin: first >> 7 === 1,
    reserved: (first >> 4) & 7,
    opcode: first & 15,
    masked: second >> 7 === 1,
    lengthBytes,
    payload,
  };
}

const whole = { fin: true, reserved: 0, masked: false };
const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index % 251);
const send = (bytes: Uint8Array): WebSocketSendEvent => ({ type: "websocket.send", bytes });
const say = (text: string): WebSocketSendEvent => ({ type: "websocket.send", text });

/** Payload lengths at which the header changes, and how many bytes tell the length. */
const borders = [
  [0, 0],
  [1, 0],
  [125, 0],
  [126, 2],
  [127, 2],
  [65_535, 2],
  [65_536, 8],
  [65_537, 8],
  [1_048_577, 8],
] as const;

describe.each(borders)("a payload of %i bytes", (length, lengthBytes) => {
  test("as bytes is one binary frame", () => {
    const payload = bytesOf(length);
    const frame = parse(encodeFrame(send(payload)));
    expect(frame).toMatchObject({ ...whole, opcode: 2, lengthBytes });
    expect(Buffer.compare(frame.payload, payload)).toBe(0);
  });

  test("as text is one text frame", () => {
    const frame = parse(encodeFrame(say("x".repeat(length))));
    expect(frame).toMatchObject({ ...whole, opcode: 1, lengthBytes });
    expect(Buffer.from(frame.payload).toString("utf8")).toBe("x".repeat(length));
  });

  test("as a prepared event is the same frame", () => {
    for (const event of [send(bytesOf(length)), say("x".repeat(length))]) {
      expect(Buffer.compare(encodeFrame(prepare(event)), encodeFrame(event))).toBe(0);
    }
  });
});

describe("a text", () => {
  test("is counted in bytes of UTF-8", () => {
    const frame = parse(encodeFrame(say("é€😀")));
    expect(frame.payload).toHaveLength(9);
    expect(Buffer.from(frame.payload).toString("utf8")).toBe("é€😀");
  });

  test("takes the longer header when its bytes need it, however few its characters", () => {
    expect(parse(encodeFrame(say("é".repeat(63))))).toMatchObject({ lengthBytes: 2 });
    expect(parse(encodeFrame(say("é".repeat(32_768))))).toMatchObject({ lengthBytes: 8 });
  });

  test("of any characters comes back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(Buffer.from(parse(encodeFrame(say(text))).payload).toString("utf8")).toBe(text);
      }),
    );
  });
});

describe("bytes", () => {
  test("may be a view of a part of something larger", () => {
    const view = bytesOf(300).subarray(100, 250);
    expect([...parse(encodeFrame(send(view))).payload]).toEqual([...view]);
  });

  test.each([10, 65_537])(
    "are copied, %i of them too: a later change does not change the frame",
    (length) => {
      const bytes = new Uint8Array(length);
      const frame = encodeFrame(send(bytes));
      bytes.fill(7);
      expect(parse(frame).payload.every((byte) => byte === 0)).toBe(true);
    },
  );

  test("that say they are longer than they are get the frame of what is there", () => {
    const bytes = Object.defineProperty(bytesOf(3), "length", { value: 100 });
    expect([...parse(encodeFrame(send(bytes))).payload]).toEqual([0, 1, 2]);
  });

  test("that only look like some are refused", () => {
    const bytes = Object.create(Uint8Array.prototype, { length: { value: 3 } }) as Uint8Array;
    expect(() => encodeFrame(send(bytes))).toThrow(TypeError);
  });
});

describe("a prepared event", () => {
  test.each([say("hi"), send(bytesOf(10)), send(bytesOf(100_000))])("is framed once", (event) => {
    const prepared = prepare(event);
    expect(encodeFrame(prepared)).toBe(encodeFrame(prepared));
  });

  test("holds its bytes as they were when it was prepared", () => {
    const bytes = new Uint8Array(3);
    const prepared = prepare(send(bytes));
    bytes.fill(7);
    expect([...parse(encodeFrame(prepared)).payload]).toEqual([0, 0, 0]);
  });
});

describe("a pong", () => {
  test("holds a copy of the ping's payload", () => {
    const payload = Buffer.from("payload");
    const frame = encodePong(payload);
    payload.fill(0);
    expect(frame.toString("latin1")).toBe("\x8a\x07payload");
  });
});

describe("control frames", () => {
  test("hold a copy of what a ping or pong is given", () => {
    const payload = bytesOf(125);
    const frames = [encodePing(payload), encodePong(payload)];
    payload.fill(0);
    expect(frames.map(parse)).toEqual(
      [9, 10].map((opcode) => ({ ...whole, opcode, lengthBytes: 0, payload: Buffer.from(bytesOf(125)) })),
    );
  });

  test("say a close code and its reason, or nothing for 1005", () => {
    const reason = "é".repeat(61);
    const { payload, ...rest } = parse(encodeClose(4_001, reason));
    expect(rest).toEqual({ ...whole, opcode: 8, lengthBytes: 0 });
    expect([Buffer.from(payload).readUInt16BE(0), Buffer.from(payload).toString("utf8", 2)]).toEqual([
      4_001,
      reason,
    ]);
    expect(parse(encodeClose(1005, "")).payload).toHaveLength(0);
  });
});

test("there is room for every frame in as many bytes as are said to be enough", () => {
  for (const event of [
    say(""),
    say("a".repeat(200)),
    say("€".repeat(70_000)),
    send(bytesOf(0)),
    send(bytesOf(70_000)),
  ]) {
    expect(maxFrameLength(event)).toBeGreaterThanOrEqual(encodeFrame(event).length);
  }
  expect(() => maxFrameLength(send(Object.create(Uint8Array.prototype)))).toThrow(TypeError);
});
