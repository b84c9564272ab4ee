import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";

/** The machine on which was measured, and the packages. */
export interface Machine {
  readonly date: string;
  readonly cpu: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly node: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Packages are looked for as this one sees them, and then as broadcast does, whose NATS client is its own. */
const places = ["../../package.json", "../../../../packages/broadcast/package.json"];

/** The version of a package, whether or not it exports its package.json. */
function versionOf(name: string): string {
  const folders = places.flatMap(
    (place) => createRequire(new URL(place, import.meta.url)).resolve.paths(name) ?? [],
  );
  for (const folder of folders) {
    try {
      return JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8")).version;
    } catch {
      // The package is not in this folder.
    }
  }
  return "unknown";
}

/** This machine, and the versions of the packages that take part. */
export function describeMachine(packages: readonly string[]): Machine {
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 1_073_741_824),
    node: process.version,
    versions: Object.fromEntries(packages.map((name) => [name, versionOf(name)])),
  };
}

/** How many sockets a process may hold, less what it needs beside them. */
export function maxSockets(): number {
  try {
    const [, , hard = ""] =
      /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return hard === "unlimited" ? Number.POSITIVE_INFINITY : Number(hard) - 200;
  } catch {
    return 1_000;
  }
}

/** How long all cores were busy, with whatever, since the system started, in µs; NaN where it isn't told. */
export function busyTime(): number {
  try {
    const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n");
    const [user = 0, nice = 0, system = 0, , , hard = 0, soft = 0, stolen = 0] = line
      .split(/\s+/)
      .slice(1)
      .map(Number);
    // Ticks of 10 ms.
    return (user + nice + system + hard + soft + stolen) * 10_000;
  } catch {
    return Number.NaN;
  }
}
