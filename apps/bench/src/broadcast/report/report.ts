import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describeMachine } from "../../speed/machine.js";
import { versionOf as engineVersionOf } from "../engine-server.js";
import type { Options } from "../options.js";
import { notesOn } from "./notes.js";
import type { Results } from "./results.js";
import { tablesOf } from "./tables.js";

/** As those see it who use it: the NATS client is the broadcast package's own. */
const places = ["../../../package.json", "../../../../../packages/broadcast/package.json"];

function versionOf(name: string): string {
  const folders = places.flatMap(
    (place) => createRequire(new URL(place, import.meta.url)).resolve.paths(name) ?? [],
  );
  for (const folder of folders) {
    try {
      return `${name} ${JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version}`;
    } catch {
      // Not in this folder.
    }
  }
  return `${name} unknown`;
}

function versions(): readonly string[] {
  const names = [
    "@ws/broadcast",
    "socket.io",
    "@socket.io/redis-adapter",
    "@redis/client",
    "@nats-io/transport-node",
    "zod",
  ];
  const engines = (["redis", "nats"] as const)
    .map(engineVersionOf)
    .filter((version) => version !== undefined);
  return [...names.map(versionOf), ...engines];
}

/** All that was measured, in one file. */
export function writeJson(file: string, options: Options, results: Results): void {
  const { cpu, cores, memory, node, date } = describeMachine();
  const entries = options.rows.map((row) => ({
    ...row,
    ratio: results.ratio(row),
    samples: results.samples(row.own),
    otherSamples: results.samples(row.other),
    floorSamples: row.floor === undefined ? [] : results.samples(row.floor),
  }));
  const all = {
    machine: { date, cpu, cores, memory, node, versions: versions() },
    rounds: options.rounds,
    entries,
    verdicts: results.verdicts,
    weights: Object.fromEntries(results.weights),
    notes: notesOn(results, options),
  };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

function howMeasured({ rounds, warm, span, source }: Options): string {
  return `Each server process, and the load, is a process of its own; servers are on one core and the load and the engine's server on
another, where \`taskset\` exists. A message is JSON of 64 bytes, validated by zod in \`@ws/broadcast\` and not in Socket.IO, which has
no schemas. All connections are members of one topic, or of one room (\`io.to("room").emit\`). The first process publishes one or
ten messages in a tick; when every member has all of them, the next. The load reads the number in each message and stops at the
first that is missing, twice or out of order. In fresh processes ${warm} ms of warm-up go before ${span} ms that are measured, in four
parts whose median counts. A figure is the median over the rounds (${rounds}), ± half of what lies between the least and the most:
deliveries to members per second of CPU time, user and system, of all server processes together. Redis, NATS and the load are not
in it. Socket.IO has its Redis adapter in every row with two processes, the NATS
ones too. Bare sockets are no library: a frame made once and written to every socket for each message. \`@ws\` runs from its ${source ? "source" : "build"}.

Without faults: each process publishes its part as fast as it is acknowledged, ten or fifty at once, and waits for no member;
a member may have any number waiting. Each member follows the sequence of each publisher. Beside it stands the CPU time of
the Redis or NATS server for one message.

Idle: 10,000 connections are open; the heap and what lies beside it, after a collection, is read before and after all join.`;
}

/** `BROADCAST.md`, beside the package's sources. */
export function writeReport(options: Options, results: Results): void {
  const { date, cpu, cores, memory, node } = describeMachine();
  const notes = notesOn(results, options).map((note) => `- ${note}\n`);
  const text = `# Broadcast

Written by \`pnpm bench broadcast --write\` on ${date}: ${cpu}, ${cores} cores, ${memory} GiB, Node ${node.slice(1)}; ${versions().join(", ")}.

${tablesOf(results, options)}

${notes.join("")}
## How it was measured

${howMeasured(options)}

\`\`\`sh
pnpm bench broadcast --quick                                 # about a minute
pnpm bench broadcast --write                                 # all, and this file; needs redis-server and nats-server
pnpm bench broadcast --only redis-10,correct --rounds 5 --json broadcast.json
\`\`\`
`;
  writeFileSync(new URL("../../../BROADCAST.md", import.meta.url), text);
}
