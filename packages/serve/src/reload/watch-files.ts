import type { Logger } from "@ws/server";
import { watch } from "chokidar";
import type { FileFilter } from "./file-filter.js";

/** How long to wait for further changes after one, in ms: an editor or a `git checkout` makes many at once. */
const settleTime = 100;

/** Calls `onChange` with one of the changed files, once no further changes come. It resolves when it watches. */
export async function watchFiles(
  roots: readonly string[],
  filter: FileFilter,
  onChange: (file: string) => void,
  logger: Logger,
): Promise<() => Promise<void>> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...roots], {
    ignoreInitial: true,
    followSymlinks: false,
    // This is also called without `stats`, and then it is unknown whether the path is a folder.
    ignored: (path, stats) => {
      if (stats?.isFile()) return !filter.watches(path);
      return filter.ignoresFolder(path) && (stats !== undefined || !filter.watches(path));
    },
  });
  watcher.on("error", (error) => logger.warn("a file can't be watched", { reason: String(error) }));
  watcher.on("all", (event, path) => {
    if (event === "addDir" || event === "unlinkDir" || !filter.watches(path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => onChange(path), settleTime);
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  return async () => {
    clearTimeout(timer);
    await watcher.close();
  };
}
