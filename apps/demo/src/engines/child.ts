import type { ChildProcess } from "node:child_process";

/** As much is kept of what a process says, in UTF-16 units. */
const longest = 4_096;

/** A process that this one started, and ends by its id. */
export class Child {
  /** Resolves when it has ended, or could not be started. */
  readonly ended: Promise<void>;
  readonly #process: ChildProcess;
  #said = "";
  #hasEnded = false;
  #isMissing = false;
  #onSaid: () => void = () => {};

  constructor(process: ChildProcess) {
    this.#process = process;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-longest);
        this.#onSaid();
      });
    }
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#hasEnded = true;
        this.#onSaid();
        resolve();
      };
      process.on("error", (error: NodeJS.ErrnoException) => {
        this.#isMissing = error.code === "ENOENT";
        end();
      });
      // After its last word.
      process.on("close", end);
    });
  }

  /** The end of what it wrote, as far as its output comes to this process. */
  get said(): string {
    return this.#said;
  }

  /** Whether there is no such program. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** Whether it says that, sooner or later; false when it ends without. */
  says(text: string): Promise<boolean> {
    return new Promise((resolve) => {
      this.#onSaid = () => {
        if (this.#said.includes(text)) resolve(true);
        else if (this.#hasEnded) resolve(false);
      };
      this.#onSaid();
    });
  }

  /** Asks it to end, or with SIGKILL ends it; resolves when it has. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    if (!this.#hasEnded) this.#process.kill(signal);
    await this.ended;
  }
}
