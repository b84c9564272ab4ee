// What permessage-deflate costs when one JSON message of 3 KB goes to 200 connections: `ws`, which compresses it for each,
// beside @ws, which compresses a prepared message once. --quick: fewer rounds. --json FILE: the figures. Ends with 1 where
// @ws is not 10 times cheaper than `ws` with the same settings.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Client } from "./deflate/client.js";
import { contenders } from "./deflate/contender.js";
import { messageOf } from "./deflate/message.js";
import type { Order, Usage } from "./deflate/server.js";
import { writeJson } from "./rig/json.js";
import { summarize } from "./rig/statistics.js";
import { formatTable } from "./rig/table.js";
import { orderOf } from "./rig/turns.js";
import { Worker } from "./rig/worker.js";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, json: { type: "string" } },
});
const connections = 200;
const rounds = options.quick ? 3 : 7;
/** So many messages go to all at a time. */
const batch = 20;
/** For how long at least before it is measured, and while it is; in ms. */
const warmUp = 500;
const patience = options.quick ? 1_000 : 1_500;
const goal = 10;
const program = fileURLToPath(new URL("deflate/server.ts", import.meta.url));

/** What one message to one connection cost. */
interface Figures {
  /** Of the server's process with all its threads, in µs. */
  readonly cpu: number;
  /** On the wire. */
  readonly bytes: number;
  /** Of wall clock, in µs. */
  readonly time: number;
  readonly isCompressed: boolean;
}

/** A server in a process of its own, and those who listen to it. */
class Run {
  readonly #server: Worker;
  #clients: readonly Client[] = [];
  #left = 0;
  #onLast = (): void => {};

  constructor(name: string) {
    this.#server = new Worker(program, { core: 0, task: name, nodeArguments: process.execArgv });
  }

  async connect(): Promise<void> {
    const { port } = await this.#server.next<{ port: number }>();
    const onMessage = (): void => {
      this.#left -= 1;
      if (this.#left === 0) this.#onLast();
    };
    const opening = Array.from({ length: connections }, () => Client.open(port, onMessage));
    this.#clients = await Promise.all(opening);
  }

  get bytes(): number {
    return this.#clients.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get isCompressed(): boolean {
    return this.#clients.every((client) => client.isCompressed);
  }

  /** CPU time so far. */
  async usage(): Promise<number> {
    return (await this.#order(0)).cpu;
  }

  /** Sends messages to all for so many ms at least; gives how many they were, once all have them. */
  async send(milliseconds: number): Promise<number> {
    const end = performance.now() + milliseconds;
    let sent = 0;
    for (; performance.now() < end; sent += batch) {
      this.#left = batch * connections;
      const last = new Promise<void>((resolve) => {
        this.#onLast = resolve;
      });
      await Promise.all([last, this.#order(batch)]);
    }
    return sent;
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.#server.stop();
  }

  #order(messages: number): Promise<Usage> {
    const order: Order = { messages };
    return this.#server.ask<Usage>(order);
  }
}

async function measure(name: string): Promise<Figures> {
  const run = new Run(name);
  await run.connect();
  await run.send(warmUp);
  const [bytes, cpu, start] = [run.bytes, await run.usage(), performance.now()];
  const sent = (await run.send(patience)) * connections;
  const figures: Figures = {
    time: ((performance.now() - start) * 1_000) / sent,
    cpu: ((await run.usage()) - cpu) / sent,
    bytes: (run.bytes - bytes) / sent,
    isCompressed: run.isCompressed,
  };
  await run.stop();
  return figures;
}

const names = Object.keys(contenders);
const taken = new Map<string, Figures[]>(names.map((name) => [name, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const name of orderOf(names, round)) taken.get(name)?.push(await measure(name));
  process.stderr.write(`round ${round + 1} of ${rounds}\n`);
}

const control = summarize((taken.get("ws") ?? []).map(({ cpu }) => cpu)).median;
const rows = names.map((name) => {
  const figures = taken.get(name) ?? [];
  const cpu = summarize(figures.map((each) => each.cpu));
  return {
    name,
    cpu,
    ratio: control / cpu.median,
    time: summarize(figures.map((each) => each.time)).median,
    bytes: summarize(figures.map((each) => each.bytes)).median,
    isCompressed: figures.every((each) => each.isCompressed),
  };
});
const length = Buffer.byteLength(messageOf(0));
const table = rows.map(({ name, cpu, ratio, time, bytes, isCompressed }) => [
  name,
  cpu.median.toFixed(1),
  `${cpu.least.toFixed(1)}–${cpu.most.toFixed(1)}`,
  ratio.toFixed(1),
  time.toFixed(1),
  bytes.toFixed(0),
  isCompressed ? "yes" : "no",
]);
const head = [
  "server",
  "CPU µs",
  "least–most",
  "times cheaper than ws",
  "µs of clock",
  "bytes sent",
  "compressed",
];
process.stdout.write(
  `One message of ${length} bytes of JSON to ${connections} connections, one after the other; per message and connection.\n\n${formatTable([head, ...table])}\n`,
);
const ours = rows.find(({ name }) => name === "@ws");
const reached = ours?.isCompressed ? ours.ratio : 0;
const isMet = reached >= goal;
process.stdout.write(
  `\n${isMet ? "ok   " : "BELOW"} ${reached.toFixed(1)} times cheaper than ws, at least ${goal} wanted\n`,
);
if (!isMet) process.exitCode = 1;
writeJson(options.json, ["@ws/server", "ws"], { connections, length, rounds, rows });
