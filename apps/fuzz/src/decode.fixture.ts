import type { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { expect } from "vitest";
import * as library from "ws";
import { decode } from "./decode.js";
import { generate } from "./generate.js";
import { judge, type Message } from "./oracle.js";
import { bounds } from "./run.js";

/** The verdict as text, in which a difference is easy to read. */
function show({ messages, pings, ending }: ReturnType<typeof judge>): string {
  const all = messages.map(
    ({ isText, payload }) => `${isText ? "text" : "bytes"} ${payload.toString("hex")}`,
  );
  return JSON.stringify({ all, pings: pings.map((ping) => ping.toString("hex")), ending });
}

/** That the decoder reads so many cases from a seed on as the oracle says, held behind each frame or not. */
export function expectOfOracle(seed: number, cases: number): void {
  const endings = new Set<string>();
  for (let own = seed; own < seed + cases; own += 1) {
    const { stream, chunks } = generate(own, bounds);
    const verdict = judge(stream, bounds);
    endings.add(verdict.ending.kind);
    for (const isHeld of [false, true]) {
      const got = show(decode(chunks, { ...bounds, isHeld }));
      if (got !== show(verdict))
        expect.fail(`SEED=${own} (held: ${isHeld}): expected ${show(verdict)}, got ${got}`);
    }
  }
  expect([...endings].sort()).toEqual(["closed", "cut", "failed"]);
}

/** `ws` exports its receiver, and its types don't say so. */
const { Receiver } = library as unknown as { readonly Receiver: new (options: object) => Writable };

/** What `ws` reads of a client's chunks, and the code with which it would end. */
async function receive(chunks: readonly Buffer[]): Promise<{
  readonly messages: readonly Message[];
  readonly code: number | undefined;
}> {
  const messages: Message[] = [];
  let code: number | undefined;
  const receiver = new Receiver({
    isServer: true,
    maxPayload: bounds.maxPayload,
    maxFragments: bounds.maxFragments,
    allowSynchronousEvents: true,
  });
  receiver.on("message", (data: Buffer, isBinary: boolean) => {
    messages.push({ isText: !isBinary, payload: Buffer.from(data) });
  });
  receiver.on("conclude", (given: number) => {
    code ??= given;
  });
  receiver.on("error", (error: NodeJS.ErrnoException) => {
    code ??= codes[String(error.code)] ?? 1002;
  });
  for (const chunk of chunks) receiver.write(Buffer.from(chunk));
  // A stream tells of its error in a later turn.
  await setImmediate();
  return { messages, code };
}

/** The close codes that `ws` gives to its own errors. */
const codes: Readonly<Record<string, number>> = {
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
};

/** That the decoder reads what `ws` reads, but says what is wrong no later. */
export async function expectOfReceiver(seed: number, cases: number): Promise<void> {
  let same = 0;
  for (let own = seed; own < seed + cases; own += 1) {
    const { chunks } = generate(own, bounds);
    const ours = decode(chunks, { ...bounds, isHeld: false });
    const theirs = await receive(chunks);
    const code = ours.ending.kind === "cut" ? undefined : ours.ending.code;
    // Only these two are judged before their message is whole.
    const isEarlier = (code === 1007 || code === 1008) && code !== theirs.code;
    const common = isEarlier ? ours.messages : theirs.messages;
    const want = show({
      messages: common.slice(0, ours.messages.length),
      pings: [],
      ending: { kind: "cut" },
    });
    const got = show({ messages: ours.messages, pings: [], ending: { kind: "cut" } });
    if (got !== want) expect.fail(`SEED=${own}: expected ${want}, got ${got}`);
    if (!isEarlier) {
      if (code !== theirs.code) expect.fail(`SEED=${own}: expected ${theirs.code}, got ${code}`);
      same += 1;
    }
  }
  expect(same / cases).toBeGreaterThan(0.9);
}
