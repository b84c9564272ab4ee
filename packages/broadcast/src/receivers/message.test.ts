import { expect, test } from "vitest";
import { Message } from "./message.js";

const message = (): Message => new Message({ epoch: 'e"1', sequence: 7, payload: '{"a":[1]}' });

test("a connection is sent the JSON as it came", () => {
  expect(message().event(false)).toMatchObject({ type: "websocket.send", text: '{"a":[1]}' });
});

test("or, with its position, one object of message, epoch and sequence", () => {
  const { text } = message().event(true);
  expect(JSON.parse(String(text))).toEqual({ message: { a: [1] }, epoch: 'e"1', sequence: 7 });
});

test("both are made once, however many are sent them", () => {
  const one = message();
  expect(one.event(false)).toBe(one.event(false));
  expect(one.event(true)).toBe(one.event(true));
});
