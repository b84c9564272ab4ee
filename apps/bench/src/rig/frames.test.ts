import { describe, expect, test } from "vitest";
import { clientFrame, firstByte, measureFrame, serverFrame } from "./frames.js";
import { SocketIoProtocol } from "./socket-io-protocol.js";

describe("a frame", () => {
  test("of a client is that of RFC 6455 §5.7", () => {
    const frame = clientFrame(firstByte.text, Buffer.from("Hello"));
    expect(frame.toString("hex")).toBe("818537fa213d7f9f4d5158");
  });

  test.each([
    [0, 2],
    [125, 2],
    [126, 4],
    [65_535, 4],
    [65_536, 10],
  ])("of a server with %i bytes has a header of %i", (length, header) => {
    const frame = serverFrame(firstByte.binary, new Uint8Array(length));
    expect(frame).toHaveLength(header + length);
    expect(measureFrame(frame, 0, frame.length)).toEqual([header, length]);
    expect(measureFrame(frame, 0, header - 1)).toBeUndefined();
  });
});

describe("a message of Socket.IO", () => {
  test("is one frame as text and two as bytes", () => {
    const text = new SocketIoProtocol("text", 4);
    expect(text.reply.map((frame) => String(frame.subarray(2)))).toEqual(['42["m","0123"]']);
    const [first, second] = new SocketIoProtocol("binary", 4).reply;
    expect(String(first?.subarray(2))).toBe('451-["m",{"_placeholder":true,"num":0}]');
    expect(second?.toString("hex")).toBe("820400ff8055");
  });

  test("is not a greeting or a heart-beat, which are answered", () => {
    const protocol = new SocketIoProtocol("text", 4);
    expect(protocol.answer('0{"sid":"x"}')).toEqual(clientFrame(firstByte.text, Buffer.from("40")));
    expect(protocol.answer('40{"sid":"y"}')).toBe("ready");
    expect(protocol.answer("2")).toEqual(clientFrame(firstByte.text, Buffer.from("3")));
    expect(() => protocol.answer("41")).toThrow("expected a packet of Engine.IO, got 41");
  });
});
