import { subscribe } from "node:diagnostics_channel";
import { type Application, ConnectionClosed, type Scope } from "@ws/events";
import { checkApplication, checkResult } from "@ws/events/checks";
import type { ConnectionErrorMessage } from "@ws/server";

/** Whose application is called with a scope, and what it threw then. */
const runs: WeakMap<Scope, { readonly observed: Observed; thrown?: unknown }> = new WeakMap();

// What an application did not throw, for nobody awaited it, is told here alone.
subscribe("ws.server.connection.error", (message) => {
  const { scope, error } = message as ConnectionErrorMessage;
  const run = runs.get(scope);
  if (run !== undefined && run.thrown !== error) run.observed.keep(error);
});

/** An application whose errors are kept, so that a test sees them. */
export class Observed {
  readonly application: Application;
  #thrown: unknown[] = [];
  #onThrown: (() => void)[] = [];
  /** Every error that was kept, for as long as somebody has it. */
  readonly #known: WeakSet<WeakKey> = new WeakSet();

  /** @throws {NotAnApplication} for what is no application; for a middleware it is the application that throws. */
  constructor(application: Application) {
    checkApplication(application, "connect");
    this.application = async (scope, receive, send) => {
      const run: { readonly observed: Observed; thrown?: unknown } = { observed: this };
      runs.set(scope, run);
      try {
        checkResult(await application(scope, receive, send), "connect");
      } catch (error) {
        // That a connection ended, or that an application knows no lifespan, is no failure.
        run.thrown = error;
        if (!(error instanceof ConnectionClosed) && scope.type !== "lifespan") this.keep(error);
        throw error;
      }
    };
  }

  /** Takes the oldest error that nobody has seen; `undefined` where there is none. */
  take(): { readonly error: unknown } | undefined {
    if (this.#thrown.length === 0) return undefined;
    return { error: this.#thrown.shift() };
  }

  /** Whether an error was kept: a test sees it, or has seen it. */
  knows(error: unknown): boolean {
    return this.#known.has(error as WeakKey);
  }

  /** Waits for an error. */
  async thrown(): Promise<unknown> {
    if (this.#thrown.length === 0) await new Promise<void>((resolve) => this.#onThrown.push(resolve));
    return this.#thrown.shift();
  }

  /** Of an error that the application made. */
  keep(error: unknown): void {
    if (Object(error) === error) this.#known.add(error as WeakKey);
    this.#thrown.push(error);
    this.#onThrown.shift()?.();
  }
}
