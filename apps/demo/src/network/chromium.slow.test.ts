import { setTimeout as pause } from "node:timers/promises";
import { memory } from "@ws/broadcast";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Fault } from "./proxy.fixture.js";
import { executablePath, Tab } from "./tab.fixture.js";
import { World } from "./world.fixture.js";

/** How often a page is cut off. */
const cuts = Number(process.env["CUTS"] ?? 100);
const patience = { timeout: 60_000 };

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe.runIf(executablePath)("in Chromium, behind a proxy", () => {
  test("cuts at random moments: nothing lost, nothing twice, no gap told, keyed requests answered and run once", async () => {
    await using world = await World.start(memory);
    const tab = await Tab.open(world);
    let isOver = false;
    const publishing = (async () => {
      while (!isOver) {
        await world.publish();
        await pause(2);
      }
    })();
    for (let cut = 1; cut <= cuts; cut += 1) {
      await pause(5 + Math.random() * 60);
      await tab.do(`for (let n = ${cut * 3 - 2}; n <= ${cut * 3}; n += 1) own.ask(n)`);
      world.proxy.harm(cut % 3 === 0 ? "end" : "reset");
    }
    isOver = true;
    await publishing;
    await expect.poll(async () => (await tab.got()).at(-1), patience).toBe(world.published);
    await expect.poll(async () => (await tab.seen()).settled, patience).toBe(cuts * 3);
    const { answered, back, gaps, got } = await tab.seen();
    const sorted = back.toSorted((a, b) => a - b).map(Math.round);
    const [p50, p99] = [0.5, 0.99].map((part) => sorted[Math.floor(sorted.length * part)]);
    process.stdout.write(
      `Chromium: ${JSON.stringify({ cuts, published: got.length, answered, p50, p99 })}\n`,
    );
    expect(got).toEqual(upTo(world.published));
    expect(gaps).toEqual([]);
    expect(answered).toBe(cuts * 3);
    expect([...world.ran].filter(([n, times]) => n > 0 && times > 1)).toEqual([]);
  }, 300_000);

  test.each<Fault>(["stall", "stall-in", "stall-out"])(
    "half-open (%s): a page that wakes asks, takes 3 s of silence for the end, and is whole",
    async (fault) => {
      await using world = await World.start(memory);
      const tab = await Tab.open(world);
      world.proxy.harm(fault);
      // Where only the client is not heard, what the server says still comes, and is no answer.
      const publishing = setInterval(() => void world.publish(), 100);
      onTestFinished(() => clearInterval(publishing));
      if (fault === "stall-in") await expect.poll(() => tab.got(), patience).toContain(1);
      const asleep = (await tab.seen()).sockets;
      await tab.do("own.woke = performance.now(); dispatchEvent(new Event('online'))");
      await expect.poll(async () => (await tab.seen()).sockets, patience).toBe(asleep + 1);
      const found = await tab.do("own.dialed - own.woke");
      process.stdout.write(
        `Chromium, ${fault}: dialed again ${Math.round(Number(found))} ms after it woke\n`,
      );
      expect(found).toBeGreaterThan(2_900);
      clearInterval(publishing);
      await expect.poll(() => tab.got(), patience).toEqual(upTo(world.published));
    },
  );

  test("a page whose process stood still asks when it goes on, and takes 3 s of silence for the end", async () => {
    await using world = await World.start(memory);
    const tab = await Tab.open(world, { pingInterval: 1_000 });
    const renderers = await tab.renderers();
    for (const id of renderers) process.kill(id, "SIGSTOP");
    world.proxy.harm("stall");
    await world.publish();
    // By then its timer is late.
    await pause(4_000);
    for (const id of renderers) process.kill(id, "SIGCONT");
    const woke = Date.now();
    await expect.poll(async () => (await tab.seen()).sockets, patience).toBe(2);
    const found = Number(await tab.do("performance.timeOrigin + own.dialed")) - woke;
    process.stdout.write(`Chromium, stopped: dialed again ${Math.round(found)} ms after it went on\n`);
    expect(found).toBeGreaterThan(2_900);
    // With the 10 s of a page that was awake it would be later.
    expect(found).toBeLessThan(10_000);
    await expect.poll(() => tab.got(), patience).toEqual([1]);
  });

  test("a page that is told to freeze closes its socket, and is whole as soon as it goes on", async () => {
    await using world = await World.start(memory);
    const tab = await Tab.open(world);
    // Chromium without a window freezes nothing.
    await tab.do("dispatchEvent(new Event('freeze'))");
    await expect.poll(() => world.servers[0]?.connections, patience).toBe(0);
    await world.publish();
    await tab.do("dispatchEvent(new Event('resume'))");
    await expect.poll(() => tab.got(), patience).toEqual([1]);
    expect(await tab.seen()).toMatchObject({ sockets: 2, gaps: [], phase: "open" });
  });

  test("cut off after any number of bytes of the handshake, of hello, of the reply and of a replay, no position is skipped", async () => {
    await using world = await World.start(memory);
    const tab = await Tab.open(world);
    for (let bytes = 20; bytes <= 700; bytes += 40) {
      world.proxy.bytesOut = bytes;
      const before = world.proxy.connections;
      world.proxy.harm("reset");
      await world.publish();
      await expect.poll(() => world.proxy.connections, { interval: 2 }).toBeGreaterThan(before);
    }
    world.proxy.bytesOut = Number.POSITIVE_INFINITY;
    world.proxy.harm("reset");
    await expect.poll(() => tab.got(), patience).toEqual(upTo(world.published));
    expect((await tab.seen()).gaps).toEqual([]);
  });

  test("a server that drains over 2 s hands a page over: no message and no request is lost, none comes or runs twice", async () => {
    await using world = await World.start(memory, 1, 2);
    const tab = await Tab.open(world);
    // One in two has a key; the others run once at most, and would be lost with their connection.
    await tab.do(
      "let n = 0; own.asking = setInterval(() => own.ask((n += 1), 'slow', n % 2 ? 'k' + n : undefined), 10)",
    );
    const serving = world.servers.find(({ connections }) => connections > 0);
    const closing = serving?.close({ drain: { window: 2_000 } });
    let isOver = false;
    void closing?.then(() => {
      isOver = true;
    });
    while (!isOver) {
      await world.publish();
      await pause(10);
    }
    await tab.do("clearInterval(own.asking)");
    await expect.poll(() => tab.got(), patience).toEqual(upTo(world.published));
    await expect.poll(async () => (await tab.seen()).settled, patience).toBe((await tab.seen()).asked);
    const { answered, asked, gaps, sockets } = await tab.seen();
    expect({ answered, gaps, sockets }).toEqual({ answered: asked, gaps: [], sockets: 2 });
    expect([...world.ran].filter(([n, times]) => n > 0 && times > 1)).toEqual([]);
  });

  test("a page that goes into the back/forward cache closes its socket; when it is back it is whole", async () => {
    await using world = await World.start(memory);
    const tab = await Tab.open(world);
    await world.publish();
    await expect.poll(() => tab.got(), patience).toEqual([1]);
    await tab.page.goto(`http://127.0.0.1:${world.proxy.port}/other`);
    await world.publish();
    // Playwright's own goBack waits for a load that a restored page never has.
    await tab.do("void setTimeout(() => history.back())");
    await expect
      .poll(() => tab.do("window.own?.got ?? 'not restored'").catch(() => []), patience)
      .toEqual([1, 2]);
    expect(await tab.seen()).toMatchObject({ sockets: 2, gaps: [], phase: "open" });
  });
});
