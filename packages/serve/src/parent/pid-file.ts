import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** The file with the id of the process that takes signals. */
export class PidFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    writeFileSync(path, `${process.pid}\n`);
  }

  /** Removes the file, unless another process has written its own id meanwhile. */
  remove(): void {
    try {
      if (readFileSync(this.#path, "utf8").trim() === String(process.pid)) rmSync(this.#path);
    } catch {
      // The file is gone already.
    }
  }
}
