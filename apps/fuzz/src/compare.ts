import type { ReceiveEvent } from "@ws/events";
import type { Message, Verdict } from "./oracle.js";
import { readWire } from "./wire.js";

/** What one connection came to. */
export interface Outcome {
  /** What the application received behind the connect. */
  readonly events: readonly ReceiveEvent[];
  /** What the server sent behind its answer to the handshake. */
  readonly wire: Buffer;
}

function show(message: Message): string {
  return `${message.isText ? "text" : "bytes"} ${message.payload.toString("hex")}`;
}

function received(event: ReceiveEvent): string {
  if (event.type !== "websocket.receive") return event.type;
  if (event.text === undefined) return show({ isText: false, payload: Buffer.from(event.bytes) });
  return show({ isText: true, payload: Buffer.from(event.text) });
}

/** The disconnect that the application has to see; the reason of our own close is not the peer's and is left open. */
function disconnectProblem(event: ReceiveEvent | undefined, { ending }: Verdict): string | undefined {
  if (event?.type !== "websocket.disconnect") return `expected a disconnect last, got ${event?.type}`;
  const code = ending.kind === "closed" ? ending.code : 1006;
  if (event.code !== code) return `expected the disconnect ${code}, got ${event.code} ${event.reason}`;
  const reason = ending.kind === "closed" ? ending.reason : ending.kind === "cut" ? "" : event.reason;
  if (event.reason !== reason) return `expected the reason ${JSON.stringify(reason)}, got ${event.reason}`;
  return undefined;
}

/** Pongs are all there, echoes as far as they got, the close frame says what it must. */
function wireProblem(bytes: Buffer, { messages, pings, ending }: Verdict): string | undefined {
  const wire = readWire(bytes);
  if (wire.problem !== undefined) return `the server sent ${wire.problem}`;
  const code = ending.kind === "cut" ? undefined : ending.code;
  if (wire.code !== code) return `expected the close frame ${code}, got ${wire.code}`;
  const pongs = wire.pongs.map((pong) => pong.toString("hex")).join();
  if (pongs !== pings.map((ping) => ping.toString("hex")).join())
    return `expected ${pings.length} pongs with the pings' bytes, got ${wire.pongs.length}: ${pongs}`;
  const echoes = wire.messages.map(({ opcode, payload }) => show({ isText: opcode === 1, payload }));
  const isPrefix = echoes.every((echo, index) => {
    const message = messages[index];
    return message !== undefined && echo === show(message);
  });
  return isPrefix ? undefined : `expected the echoes of what was sent, got ${echoes.join("; ")}`;
}

/** What the server did otherwise than the oracle says; `undefined` where they agree. */
export function difference(verdict: Verdict, { events, wire }: Outcome): string | undefined {
  const expected = verdict.messages.map(show).join("; ");
  const got = events.slice(0, -1).map(received).join("; ");
  if (got !== expected) return `expected the messages [${expected}], got [${got}]`;
  return disconnectProblem(events.at(-1), verdict) ?? wireProblem(wire, verdict);
}
