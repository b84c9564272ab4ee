// Prints the ten functions that took the most time themselves: `node --import tsx apps/bench/src/speed/top.ts DIR`
// for each folder of profiles that `pnpm bench --cpu-profile DIR` wrote. Only the second half of the time it was busy counts:
// the start and what wasn't compiled yet are in the first.
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** The end of its path, and the line. */
function nameOf({ functionName, url, lineNumber }: Profile["nodes"][number]["callFrame"]): string {
  const place = url === "" ? "" : `  ${url.split("?")[0]?.split("/").slice(-3).join("/")}:${lineNumber + 1}`;
  return `${functionName || "(anonymous)"}${place}`;
}

/** Time in µs by function, without what it called, and without idleness. */
function selfTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const busy = samples
    .map((id, index) => ({ name: names.get(id) ?? "", delta: timeDeltas[index] ?? 0 }))
    .filter(({ name }) => name !== "(idle)");
  const total = busy.reduce((sum, { delta }) => sum + delta, 0);
  const times = new Map<string, number>();
  let elapsed = 0;
  for (const { name, delta } of busy) {
    elapsed += delta;
    if (elapsed >= total / 2) times.set(name, (times.get(name) ?? 0) + delta);
  }
  return times;
}

function sum(times: Map<string, number>): number {
  return [...times.values()].reduce((total, time) => total + time, 0);
}

/** Profiles by folder; a process may have left one of a helping thread beside its own. */
function profilesIn(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".cpuprofile")).map((file) => join(folder, file));
}

const busiest = new Map<string, Map<string, number>>();
for (const file of profilesIn(process.argv[2] ?? ".")) {
  const times = selfTimes(JSON.parse(readFileSync(file, "utf8")));
  const folder = basename(dirname(file));
  if (sum(times) > sum(busiest.get(folder) ?? new Map())) busiest.set(folder, times);
}
for (const [folder, times] of busiest) {
  const total = sum(times);
  const top = [...times].sort(([, one], [, other]) => other - one).slice(0, 10);
  const lines = top.map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
  process.stdout.write(`${folder}\n${lines.join("\n")}\n\n`);
}
