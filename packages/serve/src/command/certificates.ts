import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { FileFilter } from "../reload/file-filter.js";
import { changedSince } from "../reload/newest-change.js";
import { watchedFolders } from "../reload/watched-folders.js";

/** Knows whether a certificate was renewed, and whether that is all that has changed since the last time. */
export class Certificates {
  readonly #files: readonly string[];
  #seen: Promise<string>;
  /** In ms of `Date.now()`. */
  #seenAt: number = Date.now();

  constructor(...files: readonly string[]) {
    this.#files = files;
    this.#seen = this.#read();
  }

  /** Whether the certificate has changed, and no file of the application's. */
  async areAllThatChanged([current, application]: readonly [string, string]): Promise<boolean> {
    const now = await this.#read();
    if (now === (await this.#seen)) {
      this.#seenAt = Date.now();
      return false;
    }
    const roots = watchedFolders(current, application, []);
    const isMore = (await changedSince(roots, new FileFilter(roots, [], []), this.#seenAt)) !== undefined;
    if (isMore) this.renewed();
    return !isMore;
  }

  /** What there is now has been taken. */
  renewed(): void {
    this.#seen = this.#read();
    this.#seenAt = Date.now();
  }

  async #read(): Promise<string> {
    const hash = createHash("sha256");
    for (const file of this.#files) hash.update(await readFile(file).catch(() => "missing"));
    return hash.digest("hex");
  }
}
