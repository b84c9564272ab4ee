import fc from "fast-check";
import type { ReceiveEvent, SendEvent } from "../model/event.js";

// Values that are events, or nearly: each field right, wrong, absent, undefined or null, on every kind of object.

const sendTypes: readonly SendEvent["type"][] = [
  "websocket.accept",
  "websocket.send",
  "websocket.close",
  "websocket.http.response.start",
  "websocket.http.response.body",
  "http.response.start",
  "http.response.body",
  "lifespan.startup.complete",
  "lifespan.startup.failed",
  "lifespan.shutdown.complete",
  "lifespan.shutdown.failed",
];

const receiveTypes: readonly ReceiveEvent["type"][] = [
  "websocket.connect",
  "websocket.receive",
  "websocket.disconnect",
  "http.request",
  "http.disconnect",
  "lifespan.startup",
  "lifespan.shutdown",
];

/** Marks a key that is left out, as opposed to one that is `undefined`. */
const absent = Symbol("absent");

/** What no field expects, beside what is right for some other field. */
const oddity: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(null),
  fc.constantFrom<unknown>(undefined, absent, true, 0, -0, 1n, Symbol("odd"), "", {}, [], Number.NaN),
  fc.constantFrom<unknown>(new Date(0), new Map(), () => "text", new ArrayBuffer(2), new Uint16Array(2)),
  fc.anything({ withNullPrototype: true, withTypedArray: true, maxDepth: 2 }),
);

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "é", "\ud800", "a\udc00b", "\ud83d\ude00", new String("boxed") as unknown),
);

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom<unknown>(
    Buffer.from("a"),
    new Uint8ClampedArray(2),
    new DataView(new ArrayBuffer(2)),
    [1, 2],
  ),
);

/** Around the 123 bytes of UTF-8 that a reason may have, in characters of one to four bytes. */
const reason = fc
  .tuple(fc.constantFrom("a", "é", "€", "😀", "\ud800"), fc.integer({ min: 118, max: 128 }), fc.boolean())
  .map(([unit, size, padded]) => {
    const filled = unit.repeat(Math.floor(size / Buffer.byteLength(unit)));
    return padded ? filled.padEnd(filled.length + (size - Buffer.byteLength(filled)), "x") : filled;
  });

/** Both sides of every border of the close codes and of the statuses. */
const borders = [0, 100, 101, 200, 204, 300, 400, 600, 1000, 1004, 1007, 1015, 2999, 3000, 5000, 65_536];
const number = fc.oneof(
  fc.constantFrom(...borders.flatMap((border) => [border - 1, border, border + 1, border + 0.5, -border])),
  fc.constantFrom<unknown>(Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN, "1000", 1000n),
);

const name = fc.oneof(
  fc.constantFrom(
    "x-a",
    "X-A",
    "Upgrade",
    "te",
    "sec-websocket-protocol",
    "Content-Length",
    "",
    "a b",
    "a\n",
  ),
  fc.string({ maxLength: 3 }),
);
const value = fc.oneof(fc.constantFrom("", "v", "\t", "a\r\nb: c", "\0", "\x7f", "ÿ", "Ā"), fc.string());
const header = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(name, value) as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.array(fc.oneof(value, oddity), { maxLength: 3 }) },
  { weight: 1, arbitrary: oddity },
);
const holes = new Array<unknown>(2);
const headers = fc.oneof(fc.array(header, { maxLength: 3 }), fc.constant(holes));

const right: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text,
  bytes,
  subprotocol: fc.constantFrom("chat", "graphql-ws", "", "a b", "a\r\nb", "ä"),
  headers,
  code: number,
  status: number,
  reason: fc.oneof(reason, text),
  body: bytes,
  moreBody: fc.constantFrom<unknown>(true, false, 0, "true"),
  message: text,
};

/** Mostly left out or right; sometimes what another field would take, or nothing that any would. */
const field = (own: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 6, arbitrary: own },
    { weight: 5, arbitrary: fc.constantFrom(absent, undefined) },
    { weight: 1, arbitrary: oddity },
    { weight: 1, arbitrary: fc.oneof(...Object.values(right)) },
  );

const type = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom<unknown>(...sendTypes, ...receiveTypes) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("constructor", "__proto__", "websocket.", "WEBSOCKET.SEND", absent),
  },
  { weight: 1, arbitrary: oddity },
);

const fields: fc.Arbitrary<Record<string, unknown>> = fc.record(
  Object.fromEntries(Object.entries(right).map(([key, own]) => [key, field(own)])),
);

const extra = fc.dictionary(
  fc.constantFrom("extra", "", "constructor", "toString", "frame", "__proto__", "0"),
  fc.anything(),
  { maxKeys: 2 },
);

class EventLike {}

/** The same keys on what may hold keys: plain objects, instances, arrays, functions, prototypes and proxies. */
const holders: readonly ((event: object) => unknown)[] = [
  (event) => event,
  (event) => event,
  (event) => event,
  (event) => Object.assign(Object.create(null), event),
  (event) => Object.assign(new EventLike(), event),
  (event) => Object.assign([], event),
  (event) => Object.assign(() => undefined, event),
  (event) => Object.assign(new Map(), event),
  (event) => Object.freeze(event),
  (event) => Object.create(event),
  (event) => new Proxy(event, {}),
  (event) => Object.defineProperties({}, unlisted(event)),
  (event) => Object.assign(event, { self: event }),
];

/** The same keys, none of them enumerable, each behind a getter. */
function unlisted(event: object): PropertyDescriptorMap {
  return Object.fromEntries(Object.entries(event).map(([key, value]) => [key, { get: () => value }]));
}

/** Values that are events or nearly; about a third of them well-formed. */
export const nearEvent: fc.Arbitrary<unknown> = fc
  .tuple(type, fields, extra, fc.constantFrom(...holders))
  .map(([type, fields, extra, hold]) => {
    const entries = Object.entries({ ...extra, ...fields, type }).filter((entry) => entry[1] !== absent);
    return hold(Object.fromEntries(entries));
  });

/** The fields that an event of any type needs or may have, each right. */
const goodFields: Readonly<Record<string, unknown>> = {
  text: "hi",
  subprotocol: "chat",
  headers: [["x-a", "b"]],
  code: 1000,
  status: 403,
  reason: "bye",
  body: new Uint8Array(1),
  moreBody: false,
  message: "no",
};

/** What may stand in place of any one of them. */
const replacements: readonly unknown[] = [
  ...[undefined, null, true, 0, 1, 403, 1000, 1n, Number.NaN, "", "hi", "a b", "\ud800", Symbol("odd")],
  ...[
    {},
    [],
    [["a"]],
    [["te", "b"]],
    [["a", "b"]],
    [["a", null]],
    [["a", "b", "c"]],
    [["", "b"]],
    [["a", "\n"]],
  ],
  ...[new Uint8Array(1), new Uint16Array(1), new ArrayBuffer(1), new Date(0), new Map(), () => undefined],
];

/** Every type with every field right but one, and that one in turn left out or anything else. */
export function fieldByField(): unknown[] {
  const keys = [...Object.keys(goodFields), "bytes", "type"];
  return [...sendTypes, ...receiveTypes].flatMap((type) => {
    const good = { type, ...goodFields };
    const without = keys.map((key) =>
      Object.fromEntries(Object.entries(good).filter(([one]) => one !== key)),
    );
    return [
      good,
      ...without,
      ...keys.flatMap((key) => replacements.map((value) => ({ ...good, [key]: value }))),
    ];
  });
}
