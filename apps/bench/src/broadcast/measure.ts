import { busyTime } from "../rig/machine.js";
import { quantile } from "../rig/statistics.js";
import type { Faults } from "./faults.js";
import type { Trial } from "./report/rows.js";
import { type Conditions, Rig } from "./rig.js";
import { keyOf, type Setup } from "./setup.js";

/** One measurement. Shares are of a core. */
export interface Sample {
  /** Deliveries per second of CPU time of all servers together. */
  readonly perCpuSecond: number;
  readonly perSecond: number;
  readonly serverShare: number;
  readonly loadShare: number;
  readonly engineShare: number;
  readonly otherShare: number;
}

/** How long is warmed up and measured, in ms. */
export interface Span extends Conditions {
  readonly warm: number;
  readonly span: number;
}

/** In how many parts a span is measured: what disturbs one of them is not in their median. */
const parts = 4;

async function timePart(rig: Rig, span: number): Promise<Sample> {
  const [busy, engineBefore] = [busyTime(), rig.engine.cpu];
  const before = await rig.ask("usage");
  const { deliveries, wall, cpu: load, faults } = await rig.load({ run: span });
  const cpu = (await rig.ask("usage")) - before;
  const engine = rig.engine.cpu - engineBefore;
  if (faults.lost + faults.duplicated + faults.reordered > 0) {
    throw new Error(`expected every message once and in order, got ${JSON.stringify(faults)}`);
  }
  return {
    perCpuSecond: deliveries / (cpu / 1_000_000),
    perSecond: deliveries / (wall / 1_000_000),
    serverShare: cpu / wall,
    loadShare: load / wall,
    engineShare: engine / wall,
    otherShare: (busyTime() - busy - cpu - load - (engine || 0)) / wall,
  };
}

/** The medians of the parts. */
export async function measure(setup: Setup, { warm, span, ...conditions }: Span): Promise<Sample> {
  await using rig = await Rig.start(setup, conditions);
  await rig.load({ run: warm });
  const seen: Sample[] = [];
  for (let part = 0; part < parts; part += 1) seen.push(await timePart(rig, span / parts));
  const median = (name: keyof Sample): number =>
    quantile(
      seen.map((sample) => sample[name]),
      0.5,
    );
  return {
    perCpuSecond: median("perCpuSecond"),
    perSecond: median("perSecond"),
    serverShare: median("serverShare"),
    loadShare: median("loadShare"),
    engineShare: median("engineShare"),
    otherShare: median("otherShare"),
  };
}

/** What became of a trial. */
export interface Verdict {
  readonly trial: Trial;
  readonly deliveries: number;
  readonly faults: Faults;
  /** CPU time of the engine's own server for a message, in µs; NaN where there is none. */
  readonly engineCost: number;
}

/** Every process publishes its part as fast as it is acknowledged; nobody waits for members. */
export async function verify(trial: Trial, conditions: Conditions): Promise<Verdict> {
  const { setup, published } = trial;
  await using rig = await Rig.start(setup, conditions);
  const each = published / setup.processes;
  const before = rig.engine.cpu;
  const [{ deliveries, faults }] = await Promise.all([rig.load({ await: each }), rig.ask({ publish: each })]);
  return { trial, deliveries, faults, engineCost: (rig.engine.cpu - before) / published };
}

/** What its server holds more, in bytes per member, when connections that are open have joined. */
export async function measureMemory(setup: Setup, conditions: Conditions): Promise<number> {
  await using rig = await Rig.start(setup, conditions, true);
  const before = await rig.ask("memory");
  await rig.ask("join");
  await rig.ask({ joined: setup.members });
  const after = await rig.ask("memory");
  if (!(after > before))
    throw new Error(`expected ${keyOf(setup)} to hold more, got ${after - before} bytes`);
  return (after - before) / setup.members;
}
