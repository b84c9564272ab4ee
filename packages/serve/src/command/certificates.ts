import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FileFilter } from "../reload/file-filter.js";
import { changedSince, fileTimeLag } from "../reload/newest-change.js";
import { watchedFolders } from "../reload/watched-folders.js";

/** What the files contained, and when they were read, in ms of `Date.now()`. */
interface Look {
  readonly content: string;
  readonly at: number;
}

/**
 * Whether a file of the application has changed since a moment, in ms of `Date.now()`. A file that was saved just before
 * counts as well, because its time may lag behind the clock: restarting once too often does no harm, and missing a change
 * does.
 */
async function hasChanged(roots: readonly string[], since: number): Promise<boolean> {
  return (await changedSince(roots, new FileFilter(roots, [], []), since - fileTimeLag)) !== undefined;
}

/** Finds out whether a certificate was renewed, and whether nothing else has changed since the last time. */
export class Certificates {
  readonly #files: readonly string[];
  /** What the workers use. */
  #taken: Promise<Look>;
  /** What the workers were told to read. They may read something newer; in that case the next check finds a change. */
  #offered: Promise<Look>;

  constructor(...files: readonly string[]) {
    this.#files = files;
    this.#taken = this.#look();
    this.#offered = this.#taken;
  }

  /** Whether the certificate has changed and no file of the application has. */
  async areAllThatChanged([current, application]: readonly [string, string]): Promise<boolean> {
    const looking = this.#look();
    const [{ content }, taken] = await Promise.all([looking, this.#taken]);
    this.#offered = looking;
    const isAll =
      content !== taken.content && !(await hasChanged(watchedFolders(current, application, []), taken.at));
    // Otherwise all workers are restarted, and the new ones read the current files.
    if (!isAll) this.renewed();
    return isAll;
  }

  /** The workers have read what they were told to. */
  renewed(): void {
    this.#taken = this.#offered;
  }

  async #look(): Promise<Look> {
    const at = Date.now();
    const hash = createHash("sha256");
    for (const file of this.#files) hash.update(await readFile(file).catch(() => "missing"));
    return { content: hash.digest("hex"), at };
  }
}
