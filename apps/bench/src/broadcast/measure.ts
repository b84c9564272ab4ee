import { busyTime } from "../speed/machine.js";
import { quantile } from "../speed/statistics.js";
import type { Faults } from "./faults.js";
import type { Trial } from "./rows.js";
import { keyOf, type Setup } from "./setup.js";
import { type Conditions, Stage } from "./stage.js";

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

async function timePart(stage: Stage, span: number): Promise<Sample> {
  const [busy, engineBefore] = [busyTime(), stage.engine.cpu];
  const before = await stage.ask("usage");
  const { deliveries, wall, cpu: load, faults } = await stage.load({ run: span });
  const cpu = (await stage.ask("usage")) - before;
  const engine = stage.engine.cpu - engineBefore;
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
  await using stage = await Stage.start(setup, conditions);
  await stage.load({ run: warm });
  const seen: Sample[] = [];
  for (let part = 0; part < parts; part += 1) seen.push(await timePart(stage, span / parts));
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
  await using stage = await Stage.start(setup, conditions);
  const each = published / setup.processes;
  const before = stage.engine.cpu;
  const [{ deliveries, faults }] = await Promise.all([
    stage.load({ await: each }),
    stage.ask({ publish: each }),
  ]);
  return { trial, deliveries, faults, engineCost: (stage.engine.cpu - before) / published };
}

/** What its server holds more, in bytes per member, when connections that are open have joined. */
export async function weigh(setup: Setup, conditions: Conditions): Promise<number> {
  await using stage = await Stage.start(setup, conditions, true);
  const before = await stage.ask("memory");
  await stage.ask("join");
  await stage.ask({ joined: setup.members });
  const after = await stage.ask("memory");
  if (!(after > before))
    throw new Error(`expected ${keyOf(setup)} to hold more, got ${after - before} bytes`);
  return (after - before) / setup.members;
}
