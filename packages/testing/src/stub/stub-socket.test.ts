import { expect, test } from "vitest";
import { StubSocket } from "./stub-socket.js";

test("a socket that is closed before it opens stays closed, and says nothing", async () => {
  const socket = new StubSocket(() => {});
  const told: string[] = [];
  socket.onopen = () => told.push("open");
  socket.onmessage = () => told.push("message");
  socket.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect([socket.readyState, told]).toEqual([3, []]);
});
