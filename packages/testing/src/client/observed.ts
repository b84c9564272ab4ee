import { subscribe } from "node:diagnostics_channel";
import { type Application, ConnectionClosed, type Scope } from "@ws/events";
import { checkApplication, checkResult } from "@ws/events/checks";
import type { ConnectionErrorMessage } from "@ws/server";

/** The application that is called with a scope, and the error that it threw. */
const runs: WeakMap<Scope, { readonly observed: Observed; thrown?: unknown }> = new WeakMap();

// A failed call that nobody awaited is not thrown by the application, so it is known only by this channel.
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
  /** Every error that was kept; an entry lives as long as its error. */
  readonly #known: WeakSet<WeakKey> = new WeakSet();

  /** @throws {NotAnApplication} for a value that is no application. A middleware is noticed only when it is called. */
  constructor(application: Application) {
    checkApplication(application, "connect");
    this.application = async (scope, receive, send) => {
      const run: { readonly observed: Observed; thrown?: unknown } = { observed: this };
      runs.set(scope, run);
      try {
        checkResult(await application(scope, receive, send), "connect");
      } catch (error) {
        // It is no failure that a connection ended, or that an application has no lifespan.
        run.thrown = error;
        if (!(error instanceof ConnectionClosed) && scope.type !== "lifespan") this.keep(error);
        throw error;
      }
    };
  }

  /** Takes the oldest error that no test has seen; `undefined` where there is none. */
  take(): { readonly error: unknown } | undefined {
    if (this.#thrown.length === 0) return undefined;
    return { error: this.#thrown.shift() };
  }

  /** Whether an error was kept, so that a test sees it or has seen it. */
  knows(error: unknown): boolean {
    return this.#known.has(error as WeakKey);
  }

  /** Waits for an error. */
  async thrown(): Promise<unknown> {
    if (this.#thrown.length === 0) await new Promise<void>((resolve) => this.#onThrown.push(resolve));
    return this.#thrown.shift();
  }

  /** Keeps an error of the application. */
  keep(error: unknown): void {
    if (Object(error) === error) this.#known.add(error as WeakKey);
    this.#thrown.push(error);
    this.#onThrown.shift()?.();
  }
}
