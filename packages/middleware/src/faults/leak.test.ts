import { beforeAll, expect, test } from "vitest";
import { provoke, type Told } from "./leak.fixture.js";

let told: Told = { peers: [], access: [], server: [], messages: [] };

beforeAll(async () => {
  told = await provoke();
});

/** What a peer must not learn of the inside: a stack, a path, a version, a name of the software. */
const inside =
  /\n\s+at |\.[cm]?[jt]s\b|node_modules|\/(work|src|dist|packages)\/|\d+\.\d+\.\d+|\bnode\b|^server:|^x-powered-by:/im;

test("the faults are what they should be: every answer there is, and an entry for each", () => {
  const statuses = new Set(told.peers.map((answer) => answer.slice(9, 12)));
  expect([...statuses].sort()).toEqual(["101", "400", "401", "403", "414", "426", "500"]);
  expect(told.access.length).toBeGreaterThan(20);
  for (const known of ["after accept", "at once", "2 subprotocols", "handshake refused", "schema"]) {
    expect(told.server.join("\n")).toContain(known);
  }
});

test("fault 164: no query, cookie, token or message is in any log, error or metric", () => {
  // What stands in an error of the application is its own word, and the operator's to read.
  const logged = told.server.join("\n").replaceAll("a-s3cret", "");
  expect(logged).not.toContain("s3cret");
  expect(logged).not.toContain("token=");
  expect(told.access.join("\n")).not.toMatch(/s3cret|token=|[?&]/);
});

test("fault 165: control characters of paths, headers, keys and reasons are escaped in every log", () => {
  for (const line of [...told.access, ...told.messages])
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202e]/u);
  // Raw fields, such as the reason of a ConnectionClosed, are for the logger to quote.
  for (const line of told.server) expect(line).not.toMatch(/\p{Cc}/u);
  expect(told.access.join("\n")).toContain("/after\\r\\n\\u001b[31m");
  expect(told.access.join("\n")).toContain('reason="own \\r\\n\\u001b[31mFAKE \\"LINE\\"\\u2028\\u202e"');
  expect(told.messages.join("\n")).toContain("\\u{d}\\u{a}\\u{1b}[31mFAKE");
});

test("fault 171: no peer sees a stack, a path, a version, a name of the software, or another's word", () => {
  for (const answer of told.peers) {
    expect(answer).not.toMatch(inside);
    // Its own reason comes back in the answer to its close. RFC 6455 §5.5.1.
    expect(answer.replace(/own \r\n.{5}FAKE/, "")).not.toMatch(/s3cret|FAKE/);
  }
});

test("fault 171: the access log holds no stack and no path of a file", () => {
  for (const line of told.access) expect(line.replaceAll("127.0.0.1", "")).not.toMatch(inside);
});
