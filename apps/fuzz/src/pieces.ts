import { encode, type FrameParts, leastBytes } from "./encode.js";
import type { Bounds } from "./oracle.js";
import type { Random } from "./random.js";
import { invalidText, validText } from "./texts.js";

const masks = [Buffer.alloc(4), Buffer.alloc(4, 0xff)];
const goodCodes = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
const badCodes = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535];
const hugeLengths = [
  2n ** 31n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** A frame that is right but for what `parts` says. */
function frame(random: Random, opcode: number, payload: Uint8Array, parts: Partial<FrameParts> = {}): Buffer {
  const least = leastBytes(payload.length);
  const isWide = opcode < 8 && random.onceIn(8);
  const mask = random.onceIn(4) ? random.pick(masks) : random.bytes(4);
  const lengthBytes = isWide ? random.pick(([0, 2, 8] as const).filter((size) => size >= least)) : least;
  return encode(payload, { isFinal: true, rsv: 0, opcode, mask, lengthBytes, declared: undefined, ...parts });
}

function payloadOf(random: Random, isText: boolean, bounds: Bounds): Buffer {
  if (isText && random.onceIn(12)) return invalidText(random);
  const most = random.onceIn(16) ? bounds.maxPayload + 2 : random.pick([0, 1, 20, 125, 126, 300]);
  if (isText) return validText(random, random.below(most + 1) >> 2);
  return random.bytes(random.onceIn(2) ? most : random.below(most + 1));
}

export function control(random: Random): Buffer {
  return frame(random, random.pick([9, 10]), random.bytes(random.pick([0, 1, 4, 124, 125])));
}

/** A message in any number of fragments, with control frames among them. */
export function message(random: Random, bounds: Bounds): Buffer {
  const opcode = random.pick([1, 2]);
  const payload = payloadOf(random, opcode === 1, bounds);
  const { maxFragments } = bounds;
  const many = random.onceIn(16) ? random.between(maxFragments - 1, maxFragments + 1) : random.between(2, 5);
  const count = random.onceIn(2) ? 1 : many;
  const cuts = Array.from({ length: count - 1 }, () => random.below(payload.length + 1)).sort(
    (a, b) => a - b,
  );
  const pieces: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const part = payload.subarray(cuts[index - 1] ?? 0, cuts[index] ?? payload.length);
    pieces.push(frame(random, index === 0 ? opcode : 0, part, { isFinal: index === count - 1 }));
    if (random.onceIn(4)) pieces.push(control(random));
  }
  return Buffer.concat(pieces);
}

function closePayload(code: number, reason: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason]);
}

/** A close frame as it should be. */
export function close(random: Random): Buffer {
  if (random.onceIn(4)) return frame(random, 8, Buffer.alloc(0));
  return frame(random, 8, closePayload(random.pick(goodCodes), validText(random, random.below(31))));
}

type Breach = (random: Random, bounds: Bounds) => Buffer;

/** The ways to break the rules, each on its own; where one is none in its place, the oracle knows. */
const breaches: readonly Breach[] = [
  (random) => frame(random, random.pick([1, 2, 8, 9, 10]), Buffer.from("xx"), { rsv: random.between(1, 7) }),
  (random) => frame(random, random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]), random.bytes(3)),
  (random) => frame(random, random.pick([0, 1, 2, 8, 9, 10]), random.bytes(4), { mask: undefined }),
  (random) => frame(random, random.pick([8, 9, 10]), Buffer.from("xx"), { isFinal: false }),
  (random) => frame(random, random.pick([8, 9, 10]), random.bytes(random.pick([126, 127, 200]))),
  (random) => frame(random, random.pick([8, 9, 10]), random.bytes(9), { lengthBytes: random.pick([2, 8]) }),
  (random) => frame(random, 0, random.bytes(3), { isFinal: random.onceIn(2) }),
  (random) =>
    Buffer.concat([
      frame(random, 1, Buffer.from("x"), { isFinal: false }),
      frame(random, random.pick([1, 2]), Buffer.from("y")),
    ]),
  (random, { maxPayload }) => {
    const declared = BigInt(random.pick([maxPayload, maxPayload + 1, 65_535]));
    return frame(random, 2, Buffer.from("x"), { lengthBytes: 2, declared });
  },
  (random) => frame(random, 2, Buffer.from("x"), { lengthBytes: 8, declared: random.pick(hugeLengths) }),
  (random) => frame(random, 8, random.bytes(1)),
  (random) => frame(random, 8, closePayload(random.pick(badCodes), Buffer.alloc(0))),
  (random) => frame(random, 8, closePayload(random.below(65_536), Buffer.alloc(0))),
  (random) => frame(random, 8, closePayload(1000, invalidText(random).subarray(0, 123))),
  (random) => random.bytes(random.between(1, 40)),
];

export function breach(random: Random, bounds: Bounds): Buffer {
  return random.pick(breaches)(random, bounds);
}
