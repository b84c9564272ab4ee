import { expect, test } from "vitest";
import { FakeServer } from "./fake.fixture.js";
import { hangUp } from "./hang-up.js";

test("closes with a code and a reason", async () => {
  const server = new FakeServer();
  await hangUp(server.send, 1001, "idle timeout");
  expect(server.sent).toEqual([{ type: "websocket.close", code: 1001, reason: "idle timeout" }]);
});

test("does not reject where the connection has ended meanwhile", async () => {
  const send = () => Promise.reject(new Error("gone"));
  await expect(hangUp(send, 1001, "")).resolves.toBeUndefined();
});
