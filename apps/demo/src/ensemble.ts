import { spawn } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Child } from "./engines/child.js";
import { type EngineName, type EngineServer, startEngineServer } from "./engines/engine-server.js";

/** The demo beside this file: both are source, or both are bundled. */
const program = fileURLToPath(new URL(`main${extname(import.meta.url)}`, import.meta.url));
const opening = "Open ";

/**
 * A server of an engine and processes of the demo that meet there. Each has a session of its own: a Ctrl-C in the
 * terminal reaches this process alone, which ends the others in their order.
 */
export class Ensemble {
  readonly #demos: Child[] = [];
  #server: EngineServer | undefined;

  /** @throws {EngineServerError} where it can't be started. */
  async startServer(name: EngineName): Promise<EngineServer> {
    this.#server = await startEngineServer(name);
    return this.#server;
  }

  /** Starts a process of the demo; gives its address, or `undefined` where it ended instead, which told why. */
  async startDemo(port: number): Promise<string | undefined> {
    const env = { ...process.env, PORT: `${port}`, BROADCAST: this.#server?.url };
    const flags = [...process.execArgv, program];
    const demo = new Child(
      spawn(process.execPath, flags, { env, stdio: ["ignore", "pipe", "inherit"], detached: true }),
    );
    this.#demos.push(demo);
    if (!(await demo.says("\n"))) return undefined;
    return demo.said.split("\n")[0]?.slice(opening.length);
  }

  /** Resolves when one of them has ended. */
  async oneEnded(): Promise<void> {
    const server = this.#server === undefined ? [] : [this.#server.child];
    await Promise.race([...this.#demos, ...server].map((child) => child.ended));
  }

  /** Ends the demo first, so that it can say good-bye by the engine. */
  async close(): Promise<void> {
    await Promise.all(this.#demos.map((demo) => demo.end()));
    await this.#server?.close();
  }

  /** Ends all at once. */
  async kill(): Promise<void> {
    await Promise.all(this.#demos.map((demo) => demo.end("SIGKILL")));
    await this.#server?.close();
  }
}
