import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ServeOptions } from "../../options/options.js";
import { echo, webSocket } from "../../raw.fixture.js";
import { serve } from "../../serve.js";
import { frame, goodbye, opcode, play } from "../frames.fixture.js";
import { ask, Noting, withLines } from "../handshake.fixture.js";

type Deflate = NonNullable<ServeOptions["perMessageDeflate"]>;

/** The extension that a handshake with these lines gets; `undefined` for none. */
async function agreed(lines: readonly string[], perMessageDeflate: Deflate): Promise<string | undefined> {
  const noting = new Noting();
  await using server = await noting.start({ perMessageDeflate });
  const offers = lines.map((line) => `Sec-WebSocket-Extensions: ${line}`);
  const answer = await ask(server, withLines(...offers));
  expect(answer.status).toBe(101);
  expect(noting.scopes).toHaveLength(1);
  return answer.headers.get("sec-websocket-extensions");
}

const plain = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

const declined: readonly string[] = [
  "",
  ",",
  ", ,",
  ";",
  "=",
  '"',
  "permessage-deflate;",
  "permessage-deflate;;client_max_window_bits",
  "permessage-deflate; x=\xff",
  "permessage-deflate\xa0",
  'permessage-deflate; client_max_window_bits="10',
  'permessage-deflate; client_max_window_bits="1 0"',
  "permessage-deflate; client_max_window_bits=",
  "permessage-deflate; client_max_window_bits=7",
  "permessage-deflate; client_max_window_bits=16",
  "permessage-deflate; client_max_window_bits=010",
  "permessage-deflate; client_max_window_bits=1e1",
  "permessage-deflate; server_max_window_bits",
  "permessage-deflate; server_max_window_bits=99",
  "permessage-deflate; server_no_context_takeover=1",
  "permessage-deflate; client_no_context_takeover=true",
  "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
  "permessage-deflate; unknown",
  "permessage-deflate; __proto__",
  "permessage-deflate; toString=1",
  "permessage-bzip2",
  "x-webkit-deflate-frame",
  "permessage-deflate foo",
  "constructor",
  `${";".repeat(7_000)}permessage-deflate`,
  `permessage-deflate${" ".repeat(7_000)}x`,
];

test("fault 175: an offer that is empty, malformed, unknown or illegal is declined, and the handshake goes on", async () => {
  for (const line of declined) expect([line, await agreed([line], true)]).toEqual([line, undefined]);
});

test("fault 175: what is well-formed and can't be done under the server's settings is declined", async () => {
  const cases: readonly (readonly [string, Deflate])[] = [
    ["permessage-deflate; server_no_context_takeover", { serverNoContextTakeover: false }],
    ["permessage-deflate; server_max_window_bits=10", { serverMaxWindowBits: false }],
    ["permessage-deflate; server_max_window_bits=10", { serverMaxWindowBits: 12 }],
    ["permessage-deflate", { clientMaxWindowBits: 12 }],
    ["permessage-deflate; client_max_window_bits=10", { clientMaxWindowBits: 12 }],
  ];
  for (const [line, options] of cases) expect(await agreed([line], options)).toBeUndefined();
});

test("fault 175: the first offer that can be accepted is taken, whatever stands before and after it", async () => {
  const good = "permessage-deflate; server_max_window_bits=10";
  const expected = `${plain}; server_max_window_bits=10`;
  const sets: readonly (readonly string[])[] = [
    [good],
    [`${good}, permessage-deflate`],
    [`permessage-deflate; server_max_window_bits=99, ${good}`],
    [
      `permessage-deflate; x, foo; bar="a, b; c\\"", ;;, ${good}, permessage-deflate; server_max_window_bits=9`,
    ],
    ["permessage-deflate; server_max_window_bits=7", "garbage =", good],
    ["", good, "permessage-deflate; unknown"],
    ['permessage-deflate;server_max_window_bits = "1\\0"'],
  ];
  for (const lines of sets) {
    const words = String(await agreed(lines, true)).split("; ");
    expect(words.sort()).toEqual(expected.split("; ").sort());
  }
});

test("fault 175: a window that the client offers to be told is told where the server asks for one", async () => {
  for (const line of ["client_max_window_bits", "client_max_window_bits=15", "client_max_window_bits=12"]) {
    const answer = await agreed([`permessage-deflate; ${line}`], { clientMaxWindowBits: 12 });
    expect(answer).toContain("client_max_window_bits=12");
  }
  expect(await agreed(["permessage-deflate"], { serverMaxWindowBits: 12 })).toContain(
    "server_max_window_bits=12",
  );
});

test("fault 175: a connection whose first offer was bad compresses by its second, and one that was declined does not", async () => {
  const bytes = deflateRawSync(Buffer.from("hello"), { finishFlush: 2 }).subarray(0, -4);
  const both = Buffer.concat([frame(opcode.text, bytes, { rsv: 4 }), goodbye]);
  const line = `Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=1, ${plain}`;
  const played = await play(both, { perMessageDeflate: true }, [line]);
  expect(played).toMatchObject({ messages: ["hello"], code: 1000 });
  const refused = await play(both, { perMessageDeflate: true }, [
    "Sec-WebSocket-Extensions: permessage-deflate; x",
  ]);
  expect(refused).toMatchObject({ messages: [], code: 1002 });
});

test("fault 175: a handshake that is refused for something else has no body, whatever it offers", async () => {
  await using server = await serve(echo, { port: 0, perMessageDeflate: true, closeTimeout: 50 });
  const lines = ["Sec-WebSocket-Extensions: =", "Origin: https://evil.example"];
  expect(await ask(server, withLines(...lines))).toMatchObject({ status: 403, body: "", responses: 1 });
});

test("fault 175: an application that refuses has its answer alone on the wire", async () => {
  const application = webSocket(async (_scope, receive, send) => {
    await receive();
    await send({ type: "websocket.close" });
  });
  await using server = await serve(application, { port: 0, perMessageDeflate: true, closeTimeout: 50 });
  const answer = await ask(server, withLines("Sec-WebSocket-Extensions: permessage-deflate; x"));
  expect(answer).toMatchObject({ status: 403, body: "", responses: 1 });
});
