import { expect, describe as group, test } from "vitest";
import { webSocketScope } from "../events.fixture.js";
import { describe, escapeText, formatEntry } from "./access-entry.js";

group("a text", () => {
  test("of printable ASCII is as it is, but for quotes and backslashes", () => {
    expect(escapeText("/ws/~a b?")).toBe("/ws/~a b?");
    expect(escapeText('a"b\\c')).toBe('a\\"b\\\\c');
  });

  test.each([
    ["\r\n", "\\r\\n"],
    ["\x1b[31m", "\\u001b[31m"],
    ["\0\x7f\x9b", "\\u0000\\u007f\\u009b"],
    ["é\u2028\u202e", "\\u00e9\\u2028\\u202e"],
    ["😀\ud800", "\\ud83d\\ude00\\ud800"],
  ])("has everything else escaped: %j", (text, escaped) => {
    expect(escapeText(text)).toBe(escaped);
  });

  test("of whatever UTF-16 units holds printable ASCII alone, and can be read back", () => {
    for (let unit = 0; unit <= 0xffff; unit += 1) {
      const text = `a${String.fromCharCode(unit)}`;
      const escaped = escapeText(text);
      if (!/^[ -~]+$/.test(escaped) || JSON.parse(`"${escaped}"`) !== text)
        expect.fail(`unit ${unit}: ${escaped}`);
    }
  });

  test("is cut to 1,024 characters", () => {
    expect(escapeText("a".repeat(5_000))).toBe("a".repeat(1_024));
  });
});

group("a connection is described by", () => {
  test("its name, its client and its path", () => {
    const extensions = { "websocket.connection": { id: "x-1" } };
    expect(describe(webSocketScope({ extensions, client: { host: "192.0.2.1", port: 5 } }))).toEqual({
      id: "x-1",
      client: "192.0.2.1:5",
      path: "/ws/",
    });
  });

  test("dashes where it has no name and no address", () => {
    expect(describe(webSocketScope({ path: "/\n" }))).toEqual({ id: "-", client: "-", path: "/\\n" });
  });

  test("an address of IPv6 in brackets", () => {
    expect(describe(webSocketScope({ client: { host: "::1", port: 5 } })).client).toBe("[::1]:5");
  });
});

test("a line has the event first, and texts that are not one plain word in quotes", () => {
  expect(formatEntry({ event: "open", id: "x-1", client: "[::1]:5", path: "/a b" })).toBe(
    'open id=x-1 client=[::1]:5 path="/a b"',
  );
  expect(formatEntry({ event: "refused", id: "-", client: "-", path: "", status: 404, duration: 1.5 })).toBe(
    'refused id=- client=- path="" status=404 duration=1.5',
  );
});
