import { writeFileSync } from "node:fs";
import { writeJson } from "../../rig/json.js";
import { describeMachine } from "../../rig/machine.js";
import { versionOf as engineVersionOf } from "../engine-server.js";
import type { Options } from "../options.js";
import { notesOn } from "./notes.js";
import type { Results } from "./results.js";
import { tablesOf } from "./tables.js";

const packages = [
  "@ws/broadcast",
  "socket.io",
  "@socket.io/redis-adapter",
  "@redis/client",
  "@nats-io/transport-node",
  "zod",
];

/** The versions of the engines' servers that are installed. */
function engineVersions(): readonly string[] {
  return (["redis", "nats"] as const).map(engineVersionOf).filter((version) => version !== undefined);
}

/** All that was measured, in one file. */
export function writeFigures(options: Options, results: Results): void {
  const entries = options.rows.map((row) => ({
    ...row,
    ratio: results.ratio(row),
    samples: results.samples(row.own),
    otherSamples: results.samples(row.other),
    floorSamples: row.floor === undefined ? [] : results.samples(row.floor),
  }));
  writeJson(options.json, packages, {
    engines: engineVersions(),
    rounds: options.rounds,
    entries,
    verdicts: results.verdicts,
    weights: Object.fromEntries(results.weights),
    notes: notesOn(results, options),
  });
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
  const { date, cpu, cores, memory, node, versions } = describeMachine(packages);
  const names = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const notes = notesOn(results, options).map((note) => `- ${note}\n`);
  const text = `# Broadcast

Written by \`pnpm bench broadcast --write\` on ${date}: ${cpu}, ${cores} cores, ${memory} GiB, Node ${node.slice(1)}; ${[...names, ...engineVersions()].join(", ")}.

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
