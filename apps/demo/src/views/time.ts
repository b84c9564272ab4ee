import { setTimeout } from "node:timers/promises";
import type { Connection } from "@ws/connection";

const shortest = 10;
const longest = 60_000;

/** Sends the time (ISO 8601) at once and then every `interval` ms, until the client leaves; 400 out of bounds. */
export async function time(socket: Connection, { interval }: { readonly interval: number }): Promise<void> {
  if (interval < shortest || interval > longest) {
    return await socket.deny({
      status: 400,
      body: `expected an interval from ${shortest} to ${longest} ms\n`,
    });
  }
  await socket.accept();
  const { signal } = socket;
  while (!signal.aborted) {
    await socket.sendText(new Date().toISOString());
    // The signal ends the wait early; then the loop is over, too.
    await setTimeout(interval, undefined, { signal }).catch(() => {});
  }
}
