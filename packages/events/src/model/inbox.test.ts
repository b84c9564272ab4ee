import { expect, test } from "vitest";
import type { Receive } from "./application.js";
import { type Inbox, inboxOf, offerInbox } from "./inbox.js";

function offered(): Inbox {
  const inbox: Inbox = {
    receive: async () => ({ type: "websocket.connect" }),
    take: () => undefined,
    wait: () => {},
  };
  offerInbox(inbox);
  return inbox;
}

test("an inbox is found by the receive that it offers", () => {
  const inbox = offered();
  expect(inboxOf(inbox.receive)).toBe(inbox);
});

test("a receive that nobody offered has none", () => {
  expect(inboxOf(async () => ({ type: "websocket.connect" }))).toBeUndefined();
});

test("what stands around a receive does not pass its inbox on, though it carries all properties of it", () => {
  const { receive } = offered();
  const wrapped: Receive = Object.assign(() => receive(), receive);
  expect(Object.getOwnPropertySymbols(wrapped)).toHaveLength(1);
  expect(inboxOf(wrapped)).toBeUndefined();
  expect(inboxOf(new Proxy(receive, {}))).toBeUndefined();
});
