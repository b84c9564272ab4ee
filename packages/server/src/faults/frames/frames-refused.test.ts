import { expect, test } from "vitest";
import { closing, frame, goodbye, opcode, play } from "../frames.fixture.js";

/** Plays each, behind a message that must still arrive, and expects its code and no message of its own. */
async function expectRefused(
  breaches: readonly Uint8Array[],
  code: number,
  reason: RegExp,
  options: Parameters<typeof play>[1] = {},
): Promise<void> {
  for (const breach of breaches) {
    const before = frame(opcode.text, "before");
    const after = frame(opcode.text, "after");
    const played = await play(Buffer.concat([before, breach, after]), options);
    expect({ breach, code: played.code, messages: played.messages }).toEqual({
      breach,
      code,
      messages: ["before"],
    });
    expect(played.end).toMatchObject({ code: 1006, wasClean: false, initiator: "server" });
    expect(played.end.reason).toMatch(reason);
  }
}

test("fault 58: an unmasked frame gets 1002, and no message", async () => {
  const unmasked = [opcode.text, opcode.binary, opcode.ping, opcode.close].map((code) =>
    frame(code, code === opcode.close ? closing(1000) : "x", { mask: null }),
  );
  await expectRefused(unmasked, 1002, /MASK must be set/);
});

test("fault 59: a reserved bit that no extension gave a meaning gets 1002", async () => {
  for (const code of [opcode.text, opcode.ping, opcode.close]) {
    await expectRefused(
      [1, 2, 3, 4, 5, 6, 7].map((rsv) => frame(code, "xx", { rsv })),
      1002,
      /RSV/,
    );
  }
});

test("fault 60: an opcode that means nothing gets 1002", async () => {
  const codes = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
  await expectRefused(
    codes.map((code) => frame(code, "x")),
    1002,
    /invalid opcode/,
  );
});

test("fault 61: a continuation of nothing, and a message that begins within another, get 1002", async () => {
  const begun = frame(opcode.text, "begun", { fin: false });
  await expectRefused(
    [
      frame(opcode.continuation, "x"),
      frame(opcode.continuation, "x", { fin: false }),
      Buffer.concat([begun, frame(opcode.text, "x")]),
      Buffer.concat([begun, frame(opcode.binary, "x", { fin: false })]),
    ],
    1002,
    /invalid opcode/,
  );
});

test("fault 62: a control frame in fragments, or longer than 125 bytes, gets 1002", async () => {
  const codes = [opcode.close, opcode.ping, opcode.pong];
  const fragments = codes.map((code) => frame(code, "xx", { fin: false }));
  await expectRefused(fragments, 1002, /FIN must be set/);
  const long = codes.map((code) => frame(code, "x".repeat(126)));
  await expectRefused(long, 1002, /invalid payload length/);
  const wide = codes.map((code) => frame(code, "xx", { lengthBytes: 2 }));
  await expectRefused(wide, 1002, /invalid payload length/);
});

test("fault 66: a close frame with half a code gets 1002", async () => {
  await expectRefused([frame(opcode.close, Buffer.from([3]))], 1002, /invalid payload length 1/);
});

test("fault 67: a close code that may not be on the wire gets 1002", async () => {
  const codes = [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
  await expectRefused(
    codes.map((code) => frame(opcode.close, closing(code))),
    1002,
    /invalid status code/,
  );
});

test("fault 69: a close reason that is not UTF-8 gets 1007", async () => {
  const reasons = [[0xff], [0xc3], [0xed, 0xa0, 0x80]].map((bytes) => Buffer.from(bytes));
  await expectRefused(
    reasons.map((reason) => frame(opcode.close, closing(1000, reason))),
    1007,
    /invalid UTF-8/,
  );
});

test("fault 71: a frame that says it is longer than a message may be gets 1009 before its payload is read", async () => {
  const header = frame(opcode.binary, new Uint8Array(1_001)).subarray(0, 4);
  expect(await play(header, { maxPayload: 1_000 })).toMatchObject({ code: 1009, messages: [] });
  const most = Buffer.concat([frame(opcode.binary, new Uint8Array(1_000)), goodbye]);
  expect((await play(most, { maxPayload: 1_000 })).messages).toEqual([new Uint8Array(1_000)]);
});

test("fault 72: fragments that are together longer than a message may be get 1009", async () => {
  const first = frame(opcode.binary, new Uint8Array(600), { fin: false });
  const second = frame(opcode.continuation, new Uint8Array(401)).subarray(0, 4);
  const played = await play(Buffer.concat([first, second]), { maxPayload: 1_000 });
  expect(played).toMatchObject({ code: 1009, messages: [] });
  expect(played.end.reason).toMatch(/Max payload size exceeded/);
});

test("fault 73: a length of 2^53 or more gets 1009, and so does one just below", async () => {
  for (const length of [2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
    const header = Buffer.alloc(10);
    header.writeUInt16BE(0x82ff, 0);
    header.writeBigUInt64BE(length, 2);
    expect(await play(header)).toMatchObject({ code: 1009, messages: [] });
  }
});
