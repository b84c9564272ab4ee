import { Duplex } from "node:stream";
import { expect, test, vi } from "vitest";
import { probe, watch } from "./kernel-watch.js";
import { dial, echo, portOf } from "./raw.fixture.js";
import { serve } from "./serve.js";

test("a socket's kernel asks for its peer after 10 s", async () => {
  await using server = await serve(echo, { port: 0 });
  const socket = await dial(portOf(server));
  const setKeepAlive = vi.spyOn(socket, "setKeepAlive");
  watch(socket);
  expect(setKeepAlive.mock.calls).toEqual([[true, 10_000]]);
  socket.destroy();
});

test("a stream without a kernel has nobody to ask", () => {
  expect(() => watch(new Duplex())).not.toThrow();
});

test("a probe writes no byte", async () => {
  await using server = await serve(echo, { port: 0 });
  const socket = await dial(portOf(server));
  probe(socket);
  expect(socket.bytesWritten).toBe(0);
  socket.destroy();
});
