import { readFileSync } from "node:fs";

/** Matches the line of `/proc/self/limits`: name, soft limit, hard limit, unit. */
const line = /^Max open files\s+(\S+)/m;

function toNumber(limit: unknown): number {
  const number = Number(limit);
  // The text may be "unlimited", or the line may be missing.
  return Number.isInteger(number) && number > 0 ? number : Number.POSITIVE_INFINITY;
}

/**
 * How many file descriptors this process may have open (`ulimit -n`); infinite where there is no limit, as on Windows. It
 * reads a file on Linux. Elsewhere it uses Node's diagnostic report, which takes some 30 ms and may look up the names of all
 * peers.
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

/**
 * How many descriptors are reserved for files, pipes and other connections of the process: a tenth of the limit, within
 * these bounds.
 */
const [leastReserve, mostReserve] = [64, 1_024];

/** How many sockets a server may have if it is the only one in its process. */
export function socketsWithin(limit: number): number {
  if (!Number.isFinite(limit)) return limit;
  const reserve = Math.min(Math.max(Math.ceil(limit / 10), leastReserve), mostReserve);
  return Math.max(limit - reserve, Math.ceil(limit / 2));
}
