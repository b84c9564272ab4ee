import type { HeaderList } from "@ws/events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readHandshake } from "./handshake.js";
import { Rejection } from "./rejection.js";

/** How long this process has worked, in ms: what it costs to read something, on a busy machine too. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

type Changes = Readonly<Record<string, string | readonly string[] | undefined>>;

const good = {
  host: "example.com",
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** The headers of a good handshake with changes: another value, several lines, or none. */
function headersWith(changes: Changes): HeaderList {
  const merged: Changes = { ...good, ...changes };
  return Object.entries(merged).flatMap(([name, value = []]) =>
    [value].flat().map((line) => [name, line] as const),
  );
}

interface Rest {
  readonly method?: string;
  readonly httpVersion?: string;
}

function read(changes: Changes = {}, rest: Rest = {}): readonly string[] | Rejection {
  const { method = "GET", httpVersion = "1.1" } = rest;
  const target = { path: "/", rawPath: "/", queryString: "" };
  return readHandshake({ method, target, headers: headersWith(changes) }, httpVersion);
}

function statusOf(answer: readonly string[] | Rejection): number {
  return answer instanceof Rejection ? answer.status : 101;
}

describe("a handshake of RFC 6455", () => {
  test("passes, and offers nothing where it names no subprotocol", () => {
    expect(read()).toEqual([]);
  });

  test.each(["WebSocket", "WEBSOCKET", " websocket "])(
    "upgrades to %j: case and space are of no account",
    (upgrade) => {
      expect(read({ upgrade })).toEqual([]);
    },
  );
});

describe("a handshake by another method or version of HTTP", () => {
  test.each(["POST", "HEAD", "PUT", "CONNECT", "get"])(
    "%s gets 405, with the one that is allowed",
    (method) => {
      expect(read({}, { method })).toEqual(new Rejection(405, "method other than GET", [["allow", "GET"]]));
    },
  );

  test.each(["1.0", "0.9", "2.0"])("HTTP/%s gets 400", (httpVersion) => {
    expect(read({}, { httpVersion })).toEqual(new Rejection(400, "HTTP version other than 1.1"));
  });
});

describe("an upgrade to something else", () => {
  test.each([undefined, "h2c", "websocket, h2c", "h2c, websocket", "websocket2", "", "websocket/13"])(
    "gets 426, with what to upgrade to: %j",
    (upgrade) => {
      expect(read({ upgrade })).toEqual(
        new Rejection(426, "upgrade to something else", [["upgrade", "websocket"]]),
      );
    },
  );

  test("gets 426 when it stands on a second line", () => {
    expect(statusOf(read({ upgrade: ["websocket", "h2c"] }))).toBe(426);
  });
});

describe("a version of the protocol other than 13", () => {
  test.each([undefined, "12", "8", "7", "0", "", "13, 8", "13.0", "0x0d", "013", "+13", "1e1"])(
    "gets 426, with the one that is spoken: %j",
    (version) => {
      expect(read({ "sec-websocket-version": version })).toEqual(
        new Rejection(426, "WebSocket version other than 13", [
          ["sec-websocket-version", "13"],
          ["upgrade", "websocket"],
        ]),
      );
    },
  );

  test("gets 426 when it is said twice", () => {
    expect(statusOf(read({ "sec-websocket-version": ["13", "13"] }))).toBe(426);
  });
});

describe("the key", () => {
  test.each([
    ["is absent", undefined],
    ["is empty", ""],
    ["is 15 bytes", Buffer.alloc(15).toString("base64")],
    ["is 17 bytes", Buffer.alloc(17).toString("base64")],
    ["is no base64", "dGhlIHNhbXBsZSBub25j!Q=="],
    ["is base64url", "__________________-_-w=="],
    ["lacks its padding", "dGhlIHNhbXBsZSBub25jZQ"],
    ["has something behind it", "dGhlIHNhbXBsZSBub25jZQ==\n"],
    ["comes twice in one line", `${good["sec-websocket-key"]}, ${good["sec-websocket-key"]}`],
  ])("%s: 400", (_, key) => {
    expect(read({ "sec-websocket-key": key })).toEqual(new Rejection(400, "bad Sec-WebSocket-Key"));
  });

  test("comes on two lines: 400", () => {
    const key = good["sec-websocket-key"];
    expect(statusOf(read({ "sec-websocket-key": [key, key] }))).toBe(400);
  });

  test("need not have canonical base64 in its last digit: it is hashed as it came", () => {
    expect(read({ "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZR==" })).toEqual([]);
  });

  test("may be any 16 bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(read({ "sec-websocket-key": Buffer.from(bytes).toString("base64") })).toEqual([]);
      }),
    );
  });
});

describe("a handshake with a body, which would be read as frames", () => {
  test.each([
    { "content-length": "5" },
    { "content-length": "00" },
    { "content-length": "0, 5" },
    { "content-length": ["0", "5"] },
    { "content-length": "" },
    { "transfer-encoding": "chunked" },
    { "transfer-encoding": "identity" },
    { "content-length": "0", "transfer-encoding": "chunked" },
  ])("gets 400: %j", (changes) => {
    expect(read(changes)).toEqual(new Rejection(400, "handshake with a body"));
  });

  test("may say that it has none", () => {
    expect(read({ "content-length": "0" })).toEqual([]);
  });
});

describe("the subprotocols", () => {
  const offer = (...lines: readonly string[]): readonly string[] | Rejection =>
    read({ "sec-websocket-protocol": lines });

  test("are all offers from all lines, in order, in their own case", () => {
    expect(offer("chat, superChat", "v2.json")).toEqual(["chat", "superChat", "v2.json"]);
  });

  test("may be named as any object's properties are", () => {
    expect(offer("__proto__, constructor")).toEqual(["__proto__", "constructor"]);
  });

  test.each([
    ["twice the same", "a, a"],
    ["with a gap", "a,,b"],
    ["with an empty end", "a,"],
    ["empty", ""],
    ["with a space inside", "a b"],
    ["quoted", '"b"'],
    ["beyond ASCII", "chät"],
  ])("offered %s get 400", (_, line) => {
    expect(offer(line)).toEqual(new Rejection(400, "bad Sec-WebSocket-Protocol"));
  });

  test("offered twice on two lines get 400", () => {
    expect(statusOf(offer("a", "a"))).toBe(400);
  });

  test.each([
    ["spaces", `b${" ".repeat(200_000)}x`],
    ["commas", ",".repeat(200_000)],
    ["quotes", `"b"${" ".repeat(200_000)}`],
  ])("are refused in linear time: %s", (_, line) => {
    const before = worked();
    expect(statusOf(offer(line))).toBe(400);
    expect(worked() - before).toBeLessThan(1_000);
  });
});

describe("whatever comes", () => {
  test("nothing throws", () => {
    const value = fc.oneof(fc.string(), fc.constantFrom(...Object.values(good)));
    const headers = fc.dictionary(
      fc.constantFrom(...Object.keys(good), "sec-websocket-protocol", "content-length"),
      fc.array(value, { maxLength: 3 }),
    );
    fc.assert(
      fc.property(headers, (changes) => {
        expect([101, 400, 426]).toContain(statusOf(read(changes)));
      }),
    );
  });
});
