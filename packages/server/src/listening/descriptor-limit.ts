import { readFileSync } from "node:fs";

/** The line of `/proc/self/limits`: name, soft limit, hard limit, unit. */
const line = /^Max open files\s+(\S+)/m;

function toNumber(limit: unknown): number {
  const number = Number(limit);
  // Such as "unlimited", or nothing at all.
  return Number.isInteger(number) && number > 0 ? number : Number.POSITIVE_INFINITY;
}

/**
 * How many descriptors this process may have open (`ulimit -n`); infinite where there is no limit, as on Windows. Asks
 * Linux itself; elsewhere Node's diagnostic report, which takes some 30 ms and may look up the names of all peers.
 */
export function descriptorLimit(
  read: () => string = () => readFileSync("/proc/self/limits", "utf8"),
  report: () => object = () => process.report.getReport(),
): number {
  try {
    return toNumber(line.exec(read())?.[1]);
  } catch {
    const { userLimits } = report() as { userLimits?: { open_files?: { soft?: unknown } } };
    return toNumber(userLimits?.open_files?.soft);
  }
}

/** What the rest of the process keeps for its files, pipes and connections: a tenth, within these bounds. */
const [leastReserve, mostReserve] = [64, 1_024];

/** How many sockets a server may have where it is alone in its process. */
export function socketsWithin(limit: number): number {
  if (!Number.isFinite(limit)) return limit;
  const reserve = Math.min(Math.max(Math.ceil(limit / 10), leastReserve), mostReserve);
  return Math.max(limit - reserve, Math.ceil(limit / 2));
}
