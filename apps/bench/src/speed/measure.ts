import type { Case } from "./case.js";
import { compiledOf, sourceOf } from "./compile.js";
import type { ContenderName } from "./contenders.js";
import type { LoadReport, LoadTask } from "./load-task.js";
import { busyTime } from "./machine.js";
import type { Sample } from "./sample.js";
import type { Memory, Ports, ServerTask, Usage } from "./server-task.js";
import { quantile } from "./statistics.js";
import { Worker } from "./worker.js";

/** How long is warmed up and measured, in ms, and how servers are started. */
export interface Conditions {
  readonly warm: number;
  readonly span: number;
  /** Whether servers run from the sources, @ws with them; this process must then be told how. */
  readonly source: boolean;
  /** The most that one process may hold. */
  readonly maxConnections: number;
  readonly tls: ServerTask["tls"];
  readonly profiles: string | undefined;
}

function startServer(contender: ContenderName, each: Case, conditions: Conditions): Worker {
  const task: ServerTask = {
    work: each.work,
    maxPayload: 1_048_576,
    burst: each.burst,
    size: each.size,
    tls: each.tls ? conditions.tls : undefined,
  };
  const { profiles, source } = conditions;
  const nodeArguments = [
    ...(source ? process.execArgv : []),
    ...(each.kind === "idle" ? ["--expose-gc"] : []),
    ...(profiles === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profiles}/${contender}.${each.name}`]),
  ];
  const env: Record<string, string> = each.bufferutil ? {} : { WS_NO_BUFFER_UTIL: "1" };
  const program = `contenders/${contender}`;
  return new Worker(source ? sourceOf(program) : compiledOf(program), { core: 0, task, nodeArguments, env });
}

function loadTask(contender: ContenderName, each: Case, ports: Ports): LoadTask {
  return {
    ...ports,
    protocol: contender.startsWith("socket.io") ? "socket.io" : "plain",
    tls: each.tls,
    kind: each.kind,
    payload: each.payload,
    size: each.size,
    connections: each.connections,
    burst: each.burst,
  };
}

/** A fresh server and a fresh load. */
export async function measure(contender: ContenderName, each: Case, conditions: Conditions): Promise<Sample> {
  const server = startServer(contender, each, conditions);
  const load = new Worker(compiledOf("load"), { core: 1 });
  try {
    const [ports] = await Promise.all([server.next<Ports>(), load.next()]);
    await load.ask(loadTask(contender, each, ports));
    return await (each.kind === "idle" ? weigh : time)(server, load, each, conditions);
  } finally {
    await Promise.all([load.stop(), server.stop()]);
  }
}

/** In how many parts a span is measured: what disturbs one of them is not in their median. */
const parts = 4;

/** One part: what the load reports, and the CPU time of the server and of everybody else, in µs. */
async function timePart(
  server: Worker,
  load: Worker,
  span: number,
): Promise<Readonly<Record<string, number>>> {
  const busy = busyTime();
  const before = await server.ask<Usage>("usage");
  const report = await load.ask<LoadReport>({ run: span });
  const after = await server.ask<Usage>("usage");
  const cpu = after.cpu - before.cpu;
  return {
    cpu: cpu / report.messages,
    perSecond: report.messages / (report.wall / 1_000_000),
    serverShare: cpu / report.wall,
    loadShare: report.cpu / report.wall,
    otherShare: (busyTime() - busy - cpu - report.cpu) / report.wall,
    latency: report.median,
    latency99: report.p99,
  };
}

async function time(server: Worker, load: Worker, each: Case, { warm, span }: Conditions): Promise<Sample> {
  if (each.kind !== "connect") await load.ask({ open: each.connections });
  for (let messages = 0; messages < each.warmUp || messages === 0; ) {
    messages += (await load.ask<LoadReport>({ run: warm })).messages;
  }
  const seen: Readonly<Record<string, number>>[] = [];
  for (let part = 0; part < parts; part += 1) seen.push(await timePart(server, load, span / parts));
  const names = Object.keys(seen[0] ?? {});
  const medians = names.map(
    (name) =>
      [
        name,
        quantile(
          seen.map((part) => part[name] ?? Number.NaN),
          0.5,
        ),
      ] as const,
  );
  const details = Object.fromEntries(medians);
  return { value: details[each.figure === "latency" ? "latency" : "cpu"] ?? Number.NaN, details };
}

async function weigh(server: Worker, load: Worker, each: Case, conditions: Conditions): Promise<Sample> {
  const count = Math.min(each.connections, conditions.maxConnections);
  // So that what is loaded and compiled once is there before.
  await load.ask({ open: 500 });
  await load.ask({ close: true });
  const before = await server.ask<Memory>("memory");
  await load.ask({ open: count });
  const after = await server.ask<Memory>("memory");
  const rss = (after.rss - before.rss) / count / 1_024;
  const held = (after.held - before.held) / count / 1_024;
  return { value: rss, details: { rss, held, connections: count } };
}
