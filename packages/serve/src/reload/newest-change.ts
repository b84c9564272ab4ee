import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileFilter } from "./file-filter.js";

/** By how much a file's time may lag behind the clock, in ms. */
export const fileTimeLag = 20;

/** It has gone meanwhile. */
function ignoreMissing(): undefined {
  return undefined;
}

/** A file that the filter watches and that has changed since `since`, in ms of `Date.now()`; `undefined` where none has. */
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
