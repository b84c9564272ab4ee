import { Driver } from "@ws/testing/driver";
import { expect, test } from "vitest";
import { closeQuietly } from "./close-quietly.js";

test("closes with a code and a reason", async () => {
  const server = new Driver();
  await closeQuietly(server.send, 1001, "idle timeout");
  expect(server.sent).toEqual([{ type: "websocket.close", code: 1001, reason: "idle timeout" }]);
});

test("does not reject where the connection has ended meanwhile", async () => {
  const send = () => Promise.reject(new Error("gone"));
  await expect(closeQuietly(send, 1001, "")).resolves.toBeUndefined();
});
