import { statSync } from "node:fs";
import { relative } from "node:path";
import type { Logger } from "@ws/server";
import type { Settings } from "../options/settings.js";
import type { DrainOrder } from "../parent/messages.js";
import type { Supervisor } from "../parent/supervisor.js";
import { FileFilter } from "../reload/file-filter.js";
import { changedSince, fileTimeLag } from "../reload/newest-change.js";
import { watchedFolders } from "../reload/watched-folders.js";

/** How long connections of the old application may take to close, in ms; then its process is killed. */
const oldGrace = 500;

/** Whether a file has not changed since `then`, in ms of `Date.now()`. A renamed file shows that only by its `ctime`. */
function isUnchangedSince(file: string, then: number): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && Math.max(found.mtimeMs, found.ctimeMs) + fileTimeLag < then;
}

/** Loads the application again when a file changes. */
export class Reloader {
  readonly #supervisor: Supervisor;
  readonly #settings: Settings;
  readonly #logger: Logger;
  #stop: (() => Promise<void>) | undefined;
  #isClosed = false;
  /** A file that has changed since the last reload began. */
  #changed: string | undefined;
  #isBusy = false;
  /** When the last reload began, in ms of `Date.now()`. It has read what was saved before that. */
  #loadedAt = 0;

  constructor(supervisor: Supervisor, settings: Settings, logger: Logger) {
    this.#supervisor = supervisor;
    this.#settings = settings;
    this.#logger = logger;
  }

  /**
   * Watches the current folder, and the packages on which the application depends. It also finds what has changed since this
   * process began, which is before the application was read.
   */
  async start(current: string, application: string): Promise<void> {
    const { reloadDir, reloadInclude, reloadExclude } = this.#settings;
    const roots = watchedFolders(current, application, reloadDir);
    const filter = new FileFilter(roots, reloadInclude, reloadExclude);
    // The watcher is loaded only where it is needed.
    const { watchFiles } = await import("../reload/watch-files.js");
    this.#stop = await watchFiles(roots, filter, (file) => this.#onChange(file), this.#logger);
    if (this.#isClosed) return this.#stop();
    const missed = await changedSince(roots, filter, performance.timeOrigin);
    if (missed !== undefined && this.#changed === undefined && !this.#isBusy) this.#onChange(missed);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#supervisor.abandonStarting();
    await this.#stop?.();
  }

  #onChange(file: string): void {
    if (this.#isClosed || isUnchangedSince(file, this.#loadedAt)) return;
    this.#changed = file;
    // A new process that starts from older files is not waited for.
    if (!this.#isBusy) void this.#reload();
    else this.#supervisor.abandonStarting();
  }

  async #reload(): Promise<void> {
    this.#isBusy = true;
    while (this.#changed !== undefined && !this.#isClosed) {
      const file = relative(process.cwd(), this.#changed);
      this.#changed = undefined;
      this.#loadedAt = Date.now();
      const began = performance.now();
      const order: DrainOrder = { type: "drain", window: 0, grace: oldGrace, reason: "reload" };
      const isNewFirst = this.#settings.reloadOrder === "new-first";
      const failure = await (isNewFirst
        ? this.#supervisor.exchangeAll(order)
        : this.#supervisor.endAndStart(order));
      if (this.#changed !== undefined || this.#isClosed) continue;
      if (failure === undefined) {
        const took = `${Math.round(performance.now() - began)} ms`;
        this.#logger.info(`reloaded, as ${file} has changed`, { took });
      } else {
        const stays = isNewFirst ? "; the old one serves on" : "";
        this.#logger.error(`${file} has changed, and the new application did not start${stays}`, {
          error: new ReloadError(failure.text),
        });
      }
    }
    this.#isBusy = false;
  }
}

/** Shows the error of a worker unchanged, because it contains the stack already. */
class ReloadError extends Error {
  override readonly name: string = "ReloadError";

  constructor(text: string) {
    super(text.split("\n")[0] ?? "");
    this.stack = text;
  }
}
