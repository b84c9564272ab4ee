import { expect, test } from "vitest";
import { frame, goodbye, opcode, play } from "../frames.fixture.js";

const invalid: Readonly<Record<string, readonly number[]>> = {
  "overlong slash": [0xc0, 0xaf],
  "overlong in three": [0xe0, 0x80, 0xaf],
  "overlong in four": [0xf0, 0x80, 0x80, 0xaf],
  "overlong NUL": [0xc0, 0x80],
  "lowest surrogate": [0xed, 0xa0, 0x80],
  "highest surrogate": [0xed, 0xbf, 0xbf],
  "surrogate pair": [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
  "above U+10FFFF": [0xf4, 0x90, 0x80, 0x80],
  "five bytes": [0xf8, 0x88, 0x80, 0x80, 0x80],
  "six bytes": [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
  FE: [0xfe],
  FF: [0xff],
  "lone continuation": [0x80],
  "cut after one of two": [0xc3],
  "cut after two of three": [0xe2, 0x82],
  "cut after three of four": [0xf0, 0x9f, 0x99],
  "cut, then ASCII": [0xe2, 0x82, 0x41],
};

test("fault 64: a text that is not UTF-8 gets 1007, and no message", async () => {
  for (const [name, bytes] of Object.entries(invalid)) {
    const text = Buffer.concat([Buffer.from("κόσμε"), Buffer.from(bytes)]);
    const { code, messages, end } = await play(frame(opcode.text, text));
    expect({ name, code, messages }).toEqual({ name, code: 1007, messages: [] });
    expect(end).toMatchObject({ code: 1006, initiator: "server" });
    expect(end.reason).toMatch(/invalid UTF-8/);
  }
});

test("fault 64: it gets 1007 in fragments as well, wherever they part", async () => {
  const text = Buffer.from([0x41, 0xed, 0xa0, 0x80, 0x42]);
  for (let cut = 0; cut <= text.length; cut += 1) {
    const first = frame(opcode.text, text.subarray(0, cut), { fin: false });
    const last = frame(opcode.continuation, text.subarray(cut));
    const { code, messages } = await play(Buffer.concat([first, last]));
    expect({ cut, code, messages }).toEqual({ cut, code: 1007, messages: [] });
  }
});

test("fault 64: the same bytes in a binary message are no text and are taken", async () => {
  const bytes = Object.values(invalid).map((numbers) => new Uint8Array(numbers));
  const { messages, code } = await play(
    Buffer.concat([...bytes.map((one) => frame(opcode.binary, one)), goodbye]),
  );
  expect(messages).toEqual(bytes);
  expect(code).toBe(1000);
});

test("fault 65: UTF-8 that fragments part within a character arrives whole", async () => {
  const text = "$é€🙂\u0000\uffff\u{10ffff}";
  const bytes = Buffer.from(text);
  const stream: Buffer[] = [];
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    stream.push(frame(opcode.text, bytes.subarray(0, cut), { fin: false }));
    stream.push(frame(opcode.continuation, bytes.subarray(cut)));
  }
  const single = [...bytes].map((byte) => frame(opcode.continuation, Buffer.from([byte]), { fin: false }));
  stream.push(frame(opcode.text, "", { fin: false }), ...single, frame(opcode.continuation));
  const { messages, code } = await play(Buffer.concat([...stream, goodbye]));
  expect(messages).toEqual(Array.from({ length: bytes.length + 2 }, () => text));
  expect(code).toBe(1000);
});
