import { expect, test, vi } from "vitest";
import { fakeSockets, fakeTime, settled } from "../fake-socket.fixture.js";
import { createClient } from "../index.js";

const clients = 10_000;

/** Chance that is the same each time: the generator of Park and Miller. */
function seeded(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

/** Loses all clients in one moment; gives the most attempts in 100 ms, and when the last one comes, in ms. */
async function herd(window: number): Promise<{ peak: number; last: number }> {
  fakeTime();
  vi.spyOn(Math, "random").mockImplementation(seeded());
  const sockets = fakeSockets();
  const all = Array.from({ length: clients }, () =>
    createClient("ws://test/", { WebSocket: sockets.WebSocket, pingInterval: 0 }),
  );
  for (const client of all) client.connect().catch(() => {});
  await settled();
  for (const socket of sockets.all) {
    socket.open();
    socket.hello();
    if (window) socket.tell({ method: "$/drain", params: { within: window } });
    socket.drop(1012);
  }
  const attempts = all.map(({ state }) =>
    state.phase === "waiting" ? state.retryAt - Date.now() : Infinity,
  );
  const slots = new Map<number, number>();
  for (const at of attempts) slots.set(Math.floor(at / 100), (slots.get(Math.floor(at / 100)) ?? 0) + 1);
  for (const client of all) client.close();
  return { peak: Math.max(...slots.values()), last: Math.max(...attempts) };
}

test("10,000 clients of a server that was killed make at most 1,100 attempts in any 100 ms, all within 1 s", async () => {
  const { peak, last } = await herd(0);
  expect(peak).toBeLessThanOrEqual(1_100);
  expect(last).toBeLessThanOrEqual(1_000);
});

test("with a window of 20 s there are at most 75 in any 100 ms", async () => {
  const { peak, last } = await herd(20_000);
  expect(peak).toBeLessThanOrEqual(75);
  expect(last).toBeLessThanOrEqual(20_000);
});
