// `pnpm bench scale`: what many topics, many members and many messages cost one process and its engine, for docs/scale.md.
// --quick: shorter. --only PLACES: of memory, redis, cluster, nats. --json FILE: the figures.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { EngineServer } from "./broadcast/engine-server.js";
import { writeJson } from "./rig/json.js";
import { formatTable } from "./rig/table.js";
import { Worker } from "./rig/worker.js";
import { startCluster } from "./scale/cluster.js";
import type { Flow, Place, ScaleTask, Shape, Standing } from "./scale/shape.js";

const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" }, json: { type: "string" } },
});
/** CPU time, in ms. */
const span = options.quick ? 1_000 : 4_000;
const places: readonly Place[] = ["memory", "redis", "cluster", "nats"];
const shapes: readonly Shape[] = [
  { topics: 10_000, members: 10 },
  { topics: 1, members: 10_000 },
  { topics: 100_000, members: 1 },
];
const program = fileURLToPath(new URL("scale/process.ts", import.meta.url));
/** The process is on one core, and the servers on another. */
const [own, others] = [0, 1];

async function startServers(place: Place): Promise<readonly EngineServer[]> {
  if (place === "cluster") return await startCluster(others);
  return [await EngineServer.start(place, others)];
}

function addressesOf(place: Place, servers: readonly EngineServer[]): readonly string[] {
  return servers.map(({ url }) => (place === "cluster" ? new URL(url).host : url));
}

const figures: object[] = [];
const number = (value: number): string => Math.round(value).toLocaleString("en-US");
const rows: string[][] = [
  [
    "over",
    "topics × members",
    "CPU to join",
    "bytes per member",
    "published per CPU second",
    "deliveries per CPU second",
    "the engine's CPU per message",
    "lost",
  ],
];
const chosen = places.filter((name) => options.only?.split(",").includes(name) ?? true);
for (const shape of shapes) {
  for (const place of chosen) {
    const servers = await startServers(place);
    const task: ScaleTask = { ...shape, place, servers: addressesOf(place, servers), span };
    const worker = new Worker(program, {
      core: own,
      task,
      nodeArguments: [...process.execArgv, "--expose-gc", "--max-old-space-size=4096"],
    });
    const standing = await worker.next<Standing>();
    const cpuOf = (): number => servers.reduce((all, { cpu }) => all + cpu, 0);
    const before = cpuOf();
    const flow = await worker.ask<Flow>("flow");
    const engine = (cpuOf() - before) / flow.published;
    await worker.stop();
    for (const server of servers) await server[Symbol.asyncDispose]();
    figures.push({ place, ...shape, ...standing, ...flow, engine });
    const perSecond = (count: number): string => number((count * 1e6) / flow.cpu);
    rows.push([
      place,
      `${number(shape.topics)} × ${number(shape.members)}`,
      `${(standing.joining / shape.topics / shape.members).toFixed(0)} µs a member`,
      number(standing.bytes),
      perSecond(flow.published),
      perSecond(flow.delivered),
      Number.isNaN(engine) ? "" : `${engine.toFixed(1)} µs`,
      String(flow.lost),
    ]);
    process.stderr.write(`${rows.at(-1)?.join("  ")}\n`);
  }
}
process.stdout.write(`${formatTable(rows)}\n`);
writeJson(options.json, ["@ws/broadcast", "@redis/client", "@nats-io/transport-node"], { figures });
