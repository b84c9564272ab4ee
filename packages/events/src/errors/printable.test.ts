import { expect, test } from "vitest";
import { ConnectionClosed } from "./connection-closed.js";
import { InvalidMessage } from "./invalid-message.js";
import { printable } from "./printable.js";
import { ProtocolError } from "./protocol-error.js";

test("what can be printed stays as it is", () => {
  const text = 'a room, "größer" \\ 房间 🙂';
  expect(printable(text)).toBe(text);
});

test.each([
  ["a line break", "a\r\nb", "a\\u{d}\\u{a}b"],
  ["an escape of a terminal", "\u001b[31m\u009b0m", "\\u{1b}[31m\\u{9b}0m"],
  ["a line separator", "\u2028\u2029", "\\u{2028}\\u{2029}"],
  ["a turn of direction", "\u202efdp", "\\u{202e}fdp"],
  ["a tag beyond 16 bits", "\u{e0041}", "\\u{e0041}"],
])("%s is written out", (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test("no error of the contract says more than one line, whatever the peer said", () => {
  const hostile = "bye\r\n\u001b[31mERROR";
  const closed = { code: 4000, reason: hostile, wasClean: true, initiator: "client" } as const;
  const issue = { message: hostile, path: hostile };
  const invalid = new InvalidMessage("ERR_WS_MESSAGE_SCHEMA", hostile, [issue]);
  const errors = [new ConnectionClosed(closed), new ProtocolError("ERR_WS_EVENT_INVALID", hostile), invalid];
  for (const { message } of errors) expect(message).toContain("bye\\u{d}\\u{a}\\u{1b}[31mERROR");
  const escaped = "bye\\u{d}\\u{a}\\u{1b}[31mERROR";
  expect(invalid.issues).toEqual([{ message: escaped, path: escaped }]);
});

test("an error stays short though its text was written out", () => {
  const error = new InvalidMessage("ERR_WS_MESSAGE_TYPE", "\u001b".repeat(1_000));
  expect(error.message).toHaveLength(256);
});
