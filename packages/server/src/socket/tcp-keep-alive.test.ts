import { type Duplex, PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { dial, echo, portOf } from "../raw.fixture.js";
import { serve } from "../serve.js";
import { TcpKeepAlive } from "./tcp-keep-alive.js";

/** A socket that has two ends, for whose peer the kernel has tried so often at each look. */
function watching(): { socket: Duplex; watch: TcpKeepAlive; look: (tries: number) => Promise<boolean> } {
  const ends = { localAddress: "127.0.0.1", localPort: 1, remoteAddress: "127.0.0.1", remotePort: 2 };
  const socket = Object.assign(new PassThrough(), ends);
  let tries = 0;
  const watch = new TcpKeepAlive(socket, { tries: async () => tries });
  watch.start();
  const look = async (count: number): Promise<boolean> => {
    tries = count;
    watch.look();
    await new Promise((resolve) => setImmediate(resolve));
    return socket.destroyed;
  };
  return { socket, watch, look };
}

async function lostAt(counts: readonly number[]): Promise<number | undefined> {
  const { look } = watching();
  for (const [index, count] of counts.entries()) if (await look(count)) return index + 1;
  return undefined;
}

test("a socket's kernel asks for its peer after 10 s", async () => {
  await using server = await serve(echo, { port: 0 });
  const socket = await dial(portOf(server));
  const setKeepAlive = vi.spyOn(socket, "setKeepAlive");
  new TcpKeepAlive(socket).start();
  expect(setKeepAlive.mock.calls).toEqual([[true, 10_000]]);
  socket.destroy();
});

test("a stream without a kernel has nobody to ask", () => {
  const watch = new TcpKeepAlive(new PassThrough());
  expect(() => watch.start()).not.toThrow();
  expect(() => watch.look()).not.toThrow();
});

test("a look writes no byte", async () => {
  await using server = await serve(echo, { port: 0 });
  const socket = await dial(portOf(server));
  new TcpKeepAlive(socket).look();
  expect(socket.bytesWritten).toBe(0);
  socket.destroy();
});

test("a peer for which the kernel has tried at four looks, and never had an answer, is lost", async () => {
  expect(await lostAt([3, 5, 6, 7])).toBe(4);
  expect(await lostAt([9, 9, 9, 9])).toBe(4);
  expect(await lostAt([1, 1, 2, 2, 3])).toBe(5);
});

test("an answer between, or at a look, begins it anew", async () => {
  expect(await lostAt([3, 4, 5, 1, 2, 3, 4])).toBe(7);
  expect(await lostAt([3, 4, 5, 0, 3, 4, 5])).toBeUndefined();
  expect(await lostAt([0, 0, 0, 0, 0, 0])).toBeUndefined();
});

test("a pause that ends and another that begins count by themselves", async () => {
  const { watch, look } = watching();
  for (const tries of [3, 4, 5]) await look(tries);
  watch.stop();
  expect(await look(6)).toBe(false);
  watch.start();
  for (const tries of [7, 8, 9]) expect(await look(tries)).toBe(false);
  expect(await look(10)).toBe(true);
});
