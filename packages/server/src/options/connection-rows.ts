import { constants } from "node:buffer";
import { maxTimerDelay } from "@ws/events";
import type { Limits } from "../session/limits.js";
import type { OptionRows } from "./option-row.js";

const mebibyte = 1_048_576;
const unlimited = Number.POSITIVE_INFINITY;

interface LimitNames extends Omit<Limits, "receiveQueue"> {
  readonly "receiveQueue.messages": number;
  readonly "receiveQueue.bytes": number;
}

/** The rows of the options that bound a connection. */
export const connectionRows: OptionRows<LimitNames> = {
  maxPayload: {
    kind: "size",
    group: "limit",
    default: mebibyte,
    byDefault: "1 MiB; at most 536,870,888 bytes, the longest string of V8",
    // A text becomes one string, so it may not be longer than the longest string of V8. Its number of UTF-16 units is never
    // above its number of UTF-8 bytes.
    range: [1, constants.MAX_STRING_LENGTH],
    text: "The longest message, after decompression.",
    effect: "close 1009",
    against:
      "memory: a message is held whole. Counted after decompression, so that a small bomb is no large message",
  },
  maxFragments: {
    kind: "count",
    group: "limit",
    default: 1_024,
    range: [1, unlimited],
    text: "The most fragments of one message.",
    effect: "close 1008",
    against: "memory per fragment: many empty ones cost more than one long message",
  },
  "receiveQueue.messages": {
    kind: "count",
    group: "limit",
    default: 32,
    range: [1, unlimited],
    text: "The most messages that are held while the application does not receive.",
    effect: "the peer is paused, and resumed at half",
    against: "an application that is slower than its peer: the socket is paused, TCP does the rest",
  },
  "receiveQueue.bytes": {
    kind: "size",
    group: "limit",
    default: mebibyte,
    range: [1, unlimited],
    text: "The most memory that these messages take.",
    effect: "the peer is paused, and resumed at half",
    note: "Each counts for what it takes in memory: 40 bytes more for a text, 256 for bytes.",
    against: "the same, of long messages",
  },
  receiveTimeout: {
    kind: "duration",
    group: "limit",
    default: 0,
    range: [0, maxTimerDelay],
    text: "How long the application may leave its peer paused; 0 is for ever.",
    effect: "close 1008",
    note: "The socket is destroyed within 1 s.",
    against:
      "an application that never receives; off, since a pause may be meant. A paused peer is not taken for a dead one",
  },
  sendBuffer: {
    kind: "size",
    group: "limit",
    default: mebibyte,
    range: [0, unlimited],
    text: "The high-water mark of what was sent and the peer has not read.",
    effect: "`send` waits",
    note: "More than 16 sends that come to wait in later turns are a slow consumer.",
    against: "a peer that does not read: `send` waits",
  },
  sendTimeout: {
    kind: "duration",
    group: "limit",
    default: 30_000,
    range: [1, maxTimerDelay],
    text: "How long the buffer may stay above its mark.",
    effect: "close 1013",
    note: "The socket is destroyed within 1 s. A client that takes nothing of its HTTP response for so long is cut off.",
    against:
      "a peer that goes on not reading is closed; a client that takes nothing of its HTTP response is cut off",
  },
  pingInterval: {
    kind: "duration",
    group: "limit",
    default: 20_000,
    range: [0, maxTimerDelay],
    text: "After how much silence the peer is pinged; 0 is never.",
    note: "Any byte counts as a sign of life.",
    against:
      "a peer that is gone without a word: found within 41 s. Below what most proxies take for idle, 60 s",
  },
  pingTimeout: {
    kind: "duration",
    group: "limit",
    default: 20_000,
    range: [1, maxTimerDelay],
    text: "How long the peer may take to give a sign of life after a ping.",
    effect: "close 1011",
    note: "The socket is destroyed within 1 s.",
    against: "the same",
  },
  messageTimeout: {
    kind: "duration",
    group: "limit",
    default: 60_000,
    range: [0, maxTimerDelay],
    text: "How long one message may take from its first byte to its last; 0 is for ever.",
    effect: "close 1008",
    note: "The socket is destroyed within 1 s.",
    against: "a message that never ends, and holds what came of it",
  },
  acceptTimeout: {
    kind: "duration",
    group: "limit",
    default: 10_000,
    range: [1, maxTimerDelay],
    text: "How long the application may take to answer the handshake.",
    effect: "503",
    against: "handshakes that pile up behind a slow database",
  },
  closeTimeout: {
    kind: "duration",
    group: "limit",
    default: 5_000,
    range: [1, maxTimerDelay],
    text: "How long the peer may take to answer a close frame.",
    effect: "the socket is destroyed",
    against: "a peer that does not answer a close",
  },
};
