/** CPU time that this process has taken, user and system with all its threads, in µs. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Memory of this process, in bytes. */
export interface Memory {
  readonly rss: number;
  /** The heap, and what lies beside it. */
  readonly held: number;
}

/** Memory after collections, for which the process runs with `--expose-gc`. */
export async function memoryAfterCollection(): Promise<Memory> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    globalThis.gc?.();
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}
