import type { Bounds } from "./oracle.js";
import { breach, close, control, message } from "./pieces.js";
import { Random } from "./random.js";

/** What one client sends. */
export interface Case {
  readonly stream: Buffer;
  /** The same bytes in the pieces in which they are written. */
  readonly chunks: readonly Buffer[];
  /** Whether they follow the handshake at once, and not only its answer. */
  readonly isEager: boolean;
}

function piece(random: Random, bounds: Bounds): Buffer {
  const dice = random.below(20);
  if (dice < 12) return message(random, bounds);
  if (dice < 16) return control(random);
  return dice < 18 ? breach(random, bounds) : close(random);
}

/** Sometimes a stream is cut short, or a byte in it is not what it was. */
function spoil(random: Random, stream: Buffer): Buffer {
  if (stream.length > 0 && random.onceIn(10)) stream[random.below(stream.length)] = random.below(256);
  return random.onceIn(8) ? stream.subarray(0, random.below(stream.length + 1)) : stream;
}

function split(random: Random, stream: Buffer): Buffer[] {
  const way = random.below(8);
  if (way === 0 && stream.length < 400) return Array.from(stream, (byte) => Buffer.from([byte]));
  const cuts = way < 3 ? 0 : random.between(1, 12);
  const places = Array.from({ length: cuts }, () => random.below(stream.length + 1)).sort((a, b) => a - b);
  const chunks: Buffer[] = [];
  let from = 0;
  for (const to of [...places, stream.length]) {
    if (to > from) chunks.push(stream.subarray(from, to));
    from = to;
  }
  return chunks;
}

/** The case of a seed; the same seed gives the same case. */
export function generate(seed: number, bounds: Bounds): Case {
  const random = new Random(seed);
  const pieces = Array.from({ length: random.between(1, 8) }, () => piece(random, bounds));
  if (random.onceIn(2)) pieces.push(close(random));
  const stream = spoil(random, Buffer.concat(pieces));
  return { stream, chunks: split(random, stream), isEager: random.onceIn(3) };
}
