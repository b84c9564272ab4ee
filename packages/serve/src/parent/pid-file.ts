import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** The file that names the process which takes signals. */
export class PidFile {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
    writeFileSync(path, `${process.pid}\n`);
  }

  /** Takes it away, unless another process has written its own meanwhile. */
  remove(): void {
    try {
      if (readFileSync(this.#path, "utf8").trim() === String(process.pid)) rmSync(this.#path);
    } catch {
      // It has gone.
    }
  }
}
