import { channel } from "@ws/contract";
import { expect, test } from "vitest";
import { addressOf } from "./address.js";
import { chat } from "./channel/client.fixture.js";

const news = channel("/news/<path:section>/", {});
const all = channel("/all/", {});

test.each([
  ["https://example.org", "wss://example.org/chat/5/"],
  ["http://127.0.0.1:8000/", "ws://127.0.0.1:8000/chat/5/"],
  ["wss://example.org/api", "wss://example.org/api/chat/5/"],
  [new URL("ws://[::1]/api/?seat=a"), "ws://[::1]/api/chat/5/?seat=a"],
])("the address of a channel at %s is %s", (base, address) => {
  expect(addressOf(chat, { base, params: { room: 5 } })).toBe(address);
});

test("a page that has no more than its type gives the pattern", () => {
  const address = addressOf<typeof chat>("/chat/<int:room>/", { base: "ws://a", params: { room: 5 } });
  expect(address).toBe("ws://a/chat/5/");
});

test("what the pattern is filled with is encoded; a channel without parameters needs none", () => {
  expect(addressOf(news, { base: "ws://a", params: { section: "a b/é" } })).toBe("ws://a/news/a%20b/%C3%A9/");
  expect(addressOf(all, { base: "ws://a" })).toBe("ws://a/all/");
});

test("what the pattern would not take is refused", () => {
  expect(() => addressOf(chat, { base: "ws://a", params: { room: -1 } })).toThrow(
    new TypeError("addressOf: room: expected a value that <int:room> matches, got -1"),
  );
  expect(() => addressOf(chat, { base: "/", params: { room: 5 } })).toThrow(TypeError);
});
