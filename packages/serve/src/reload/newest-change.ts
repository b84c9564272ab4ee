import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileFilter } from "./file-filter.js";

/** How much the time of a file may lag behind the clock, in ms. */
export const fileTimeLag = 20;

/** The file has been removed meanwhile. */
function ignoreMissing(): undefined {
  return undefined;
}

/** A watched file that has changed since `since`, in ms of `Date.now()`; `undefined` where there is none. */
export async function changedSince(
  folders: readonly string[],
  filter: FileFilter,
  since: number,
): Promise<string | undefined> {
  for (const folder of folders) {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        const found = filter.ignoresFolder(path) ? undefined : await changedSince([path], filter, since);
        if (found !== undefined) return found;
      } else if (filter.watches(path)) {
        const found = await stat(path).catch(ignoreMissing);
        if (found !== undefined && found.mtimeMs > since) return path;
      }
    }
  }
  return undefined;
}
