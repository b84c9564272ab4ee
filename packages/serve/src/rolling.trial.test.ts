import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import type { ClientOptions } from "ws";
import { certificate } from "./certificate.fixture.js";
import { allReady, connect, echoSource, folderOf, type OpenClient, started } from "./command.fixture.js";
import { otherNode } from "./other-node.fixture.js";

const workers = 4;
const sockets = 1_000;
/** In ms. */
const window = 5_000;
const slot = 100;

async function many(address: string, options: ClientOptions): Promise<OpenClient[]> {
  const open: OpenClient[] = [];
  while (open.length < sockets) {
    const batch = Array.from({ length: 50 }, () => connect(address, options));
    open.push(...(await Promise.all(batch)));
  }
  return open;
}

test.each<[string, string, "tcp" | "unix" | "tls"]>([
  ["this Node", "", "tcp"],
  ["Node 20.19", "20.19", "tcp"],
  ["Node 22.18", "22.18", "tcp"],
  ["Node 24", "24", "tcp"],
  ["Node 26", "26", "tcp"],
  ["a unix socket", "", "unix"],
  ["TLS", "", "tls"],
])(
  "a rolling restart of four workers with 1,000 sockets and 50 new ones a second loses none: %s",
  async (name, version, place) => {
    const files = { "app.mjs": echoSource(), "cert.pem": certificate.cert, "key.pem": certificate.key };
    const folder = folderOf(files);
    const args = ["app.mjs", "--workers", `${workers}`, "--drain", `${window}ms`];
    if (place === "unix") args.push("--unix", join(folder, "ws.sock"));
    if (place === "tls") args.push("--tls-cert", "cert.pem", "--tls-key", "key.pem");
    const options: ClientOptions = place === "tls" ? { ca: certificate.cert } : {};
    const command = await started(args, { folder, ...(version !== "" && { node: otherNode(version) }) });
    if (place === "tcp") await allReady(command, workers);
    else await expect.poll(() => command.workers.length).toBe(workers);
    const clients = await many(command.address, options);
    const closes: number[] = [];
    const failures: string[] = [];
    const codes = new Set<string>();
    const again: OpenClient[] = [];
    // Each comes back at once when it was closed, and stays.
    const back = clients.map(async ({ closed }) => {
      const { code, reason } = await closed;
      codes.add(`${code} ${reason}`);
      closes.push(performance.now());
      again.push(await connect(command.address, options));
    });
    let isOver = false;
    let slowest = 0;
    let handshakes = 0;
    const load = (async () => {
      while (!isOver) {
        const began = performance.now();
        void connect(command.address, options).then(
          ({ socket }) => {
            slowest = Math.max(slowest, performance.now() - began);
            handshakes += 1;
            socket.close();
          },
          (error: Error) => failures.push(error.message),
        );
        await pause(20);
      }
    })();
    command.signal("SIGHUP");
    await command.said(/restarted duration=/);
    isOver = true;
    await load;
    await Promise.all(back);
    const closedTwice = again.filter(({ socket }) => socket.readyState !== socket.OPEN).length;
    const owners = new Map<string, number>();
    for (const { ask } of again) {
      const who = await ask("who");
      owners.set(who, (owners.get(who) ?? 0) + 1);
    }
    // The closes of one worker fill its window; the time in which the next one starts has none.
    const slots = new Map<number, number>();
    for (const at of closes) slots.set(Math.floor(at / slot), (slots.get(Math.floor(at / slot)) ?? 0) + 1);
    const share = sockets / ((workers * window) / slot);
    const fullest = Math.max(...slots.values());
    process.stdout.write(
      `${name}: ${handshakes} handshakes, slowest ${Math.round(slowest)} ms, ${failures.length} failed; ` +
        `closes ${closes.length}, again ${closedTwice}; fullest slot ${fullest} of a share of ${share}; ` +
        `per worker ${[...owners.values()].join(" ")}\n`,
    );
    expect(failures).toEqual([]);
    expect(codes).toEqual(new Set(["1012 restart"]));
    expect([closes.length, closedTwice]).toEqual([sockets, 0]);
    expect(owners.size).toBe(workers);
    for (const count of owners.values())
      expect(Math.abs(count - sockets / workers)).toBeLessThanOrEqual(12.5);
    // Two batches may fall into one slot; a third only where this process or the worker was late.
    expect(fullest).toBeLessThanOrEqual(2 * share);
    expect(await command.end()).toBe(0);
  },
  300_000,
);
