import { ProtocolError } from "@ws/events";
import { expect, test } from "vitest";
import { advance } from "./advance.js";

test("an event that was taken leads to the next state", () => {
  expect(advance("connecting", { type: "websocket.accept" })).toBe("connected");
  expect(advance("connecting", { type: "websocket.http.response.start", status: 401 })).toBe("denying");
  expect(advance("denying", { type: "websocket.http.response.body" })).toBe("disconnected");
  expect(advance("connected", { type: "websocket.close" })).toBe("disconnected");
});

test("a close that comes after the end changes nothing", () => {
  expect(advance("disconnected", { type: "websocket.close" })).toBe("disconnected");
});

test("an event that no server should have taken is an error", () => {
  expect(() => advance("connected", { type: "websocket.accept" })).toThrow(ProtocolError);
});
