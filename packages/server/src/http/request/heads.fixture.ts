import fc from "fast-check";

/** Text of what a byte may be at a place, each as a character of latin-1. */
function textOf(characters: string, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), maxLength });
}

const visible: string = Array.from({ length: 94 }, (_, at) => String.fromCharCode(0x21 + at)).join("");
const token = "!#$%&'*+-.^_`|~09azAZ";
const padding: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: fc.constant(" ") },
  { weight: 1, arbitrary: textOf(" \t", 3) },
);

/** A name in another case here and there. */
function spelled(name: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(name) },
    { weight: 1, arbitrary: fc.mixedCase(fc.constant(name)) },
  );
}

function line(name: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      name,
      padding,
      value,
      fc.oneof({ weight: 100, arbitrary: fc.constant("") }, { weight: 1, arbitrary: padding }),
    )
    .map(([name, before, value, after]) => `${name}:${before}${value}${after}`);
}

/** One of the first list, and seldom one of the second. */
function mostly(good: readonly string[], odd: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...good) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
  );
}

const upgrades = mostly(["websocket", "WebSocket"], ["h2c", "websocket, h2c", "websocket/13", ""]);
const connections = mostly(
  ["Upgrade", "upgrade", "keep-alive, Upgrade"],
  ["close", "keep-alive", "close, upgrade", "upgrade, ", "x-upgrade", "upgrade-x", "upgrade;", "", ","],
);
const versions = mostly(["13"], ["8", "13, 8", "013"]);

const usual: fc.Arbitrary<string>[] = [
  line(spelled("Host"), fc.constantFrom("localhost", "example.com:8000", "[::1]")),
  line(spelled("Upgrade"), upgrades),
  line(spelled("Connection"), connections),
  line(spelled("Sec-WebSocket-Version"), versions),
  line(spelled("Sec-WebSocket-Key"), mostly(["dGhlIHNhbXBsZSBub25jZQ=="], ["x", ""])),
];

/** Lines that a client may send beside them. */
const other: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 10,
    arbitrary: line(
      textOf(token, 24).map((name) => `X${name}`),
      textOf(visible, 40),
    ),
  },
  {
    weight: 10,
    arbitrary: line(
      fc.constantFrom("Cookie", "X-Forwarded-For", "Sec-WebSocket-Protocol", "__proto__", "Origin"),
      fc.tuple(textOf(visible, 9), textOf(visible, 9)).map(([one, other]) => `${one}a, b${other}`),
    ),
  },
  { weight: 1, arbitrary: line(textOf(token, 24), textOf(`${visible} \t`, 40)) },
  {
    weight: 1,
    arbitrary: line(
      fc.constant("Long"),
      fc.nat(9_000).map((length) => "a".repeat(length)),
    ),
  },
);

/** Lines that change what a request is, or that some reader may take in another way. */
const odd: fc.Arbitrary<string> = fc.oneof(
  line(spelled("Content-Length"), fc.constantFrom("0", "5", "00", "-1", "18446744073709551616", "")),
  line(spelled("Transfer-Encoding"), fc.constantFrom("chunked", "identity", "gzip, chunked", "")),
  line(spelled("Upgrade"), upgrades),
  line(spelled("Connection"), connections),
  line(spelled("Proxy-Connection"), fc.constantFrom("upgrade", "close", "keep-alive")),
  line(spelled("Keep-Alive"), fc.constantFrom("timeout=5")),
  line(spelled("Expect"), fc.constantFrom("100-continue")),
  line(spelled("Trailer"), fc.constantFrom("X")),
  line(spelled("Sec-WebSocket-Version"), versions),
  line(spelled("Host"), fc.constantFrom("evil", "")),
  fc.constantFrom(
    ...'"(),/:;<=>?@[\\]{}'.split("").map((character) => `X${character}: 1`),
    " folded",
    "\tfolded",
    ":",
    "X",
    "X :1",
    " X: 1",
    "X:\x80",
    "\xff: 1",
    "X: a\0b",
    "X: a\x7fb",
    "X: a\rb",
    "X: a\nb",
    "",
  ),
);

const start: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: textOf(visible, 30).map((rest) => `GET /${rest} HTTP/1.1`) },
  { weight: 6, arbitrary: textOf("az09-_/", 30).map((rest) => `GET /a${rest}?b HTTP/1.1`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "POST / HTTP/1.1",
      "get / HTTP/1.1",
      "GET  / HTTP/1.1",
      "GET /  HTTP/1.1",
      "GET / x HTTP/1.1",
      "GET / HTTP/1.1 ",
      "GET / HTTP/1.0",
      "GET / HTTP/1.2",
      "GET / HTTP/2.0",
      "GET / HTTP/01.1",
      "GET / ICE/1.1",
      "GET /",
      "GET http://x/ HTTP/1.1",
      "GET * HTTP/1.1",
      "GET /\x80 HTTP/1.1",
      "GET /\t HTTP/1.1",
      "CONNECT / HTTP/1.1",
      "\r\nGET / HTTP/1.1",
    ),
  },
);

/** What comes behind a head in the same bytes. */
const behind: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constant("") },
  fc.constantFrom("\x81\x85abcd\x09\x07\x0f\x08\x0e", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\r\n", "\0"),
);

/** A place in a text, from 0 to 1, and what is done to it there. */
const mutation: fc.Arbitrary<readonly [place: number, length: number, text: string]> = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.oneof({ weight: 4, arbitrary: fc.nat(2) }, { weight: 1, arbitrary: fc.nat(60) }),
  fc.oneof(
    fc.constantFrom(
      "",
      "\r",
      "\r\r",
      "\n",
      "\r\n",
      "\r\n\r\n",
      "\n\n",
      " ",
      "\t",
      ":",
      ",",
      ";",
      "\0",
      "\x0b",
      "\x0c",
      "\x7f",
      "\x80",
      "\x85",
      "\xff",
      "#",
      "/",
      "A",
    ),
    fc.nat(255).map((code) => String.fromCharCode(code)),
  ),
);

function mutated(head: string, mutations: readonly (readonly [number, number, string])[]): string {
  return mutations.reduce((text, [place, length, put]) => {
    const at = Math.floor(place * text.length);
    return `${text.slice(0, at)}${put}${text.slice(at + length)}`;
  }, head);
}

const lines: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc
      .oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.subarray(usual) })
      .chain((some) => fc.tuple(...some)),
    fc.oneof(
      { weight: 20, arbitrary: fc.array(other, { maxLength: 6 }) },
      { weight: 1, arbitrary: fc.array(fc.constant("A: b"), { minLength: 80, maxLength: 120 }) },
    ),
    fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(odd, { maxLength: 2 }) },
    ),
  )
  .chain(([needed, others, odds]) =>
    fc.shuffledSubarray([...needed, ...others, ...odds], {
      minLength: needed.length + others.length + odds.length,
    }),
  );

/**
 * Heads by the grammar of RFC 9112 that are opening handshakes, or nearly; then bytes are put in, taken out or replaced in
 * one of three. As latin-1.
 */
export const heads: fc.Arbitrary<string> = fc
  .tuple(
    start,
    lines,
    behind,
    fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) },
    ),
  )
  .map(
    ([first, rest, after, mutations]) =>
      `${mutated([first, ...rest, "", ""].join("\r\n"), mutations)}${after}`,
  );
