import { type Application, ConnectionClosed } from "@ws/events";

/** An application whose errors are kept, so that a test sees them. */
export class Observed {
  readonly application: Application;
  #thrown: unknown[] = [];
  #onThrown: (() => void)[] = [];

  constructor(application: Application) {
    this.application = async (scope, receive, send) => {
      try {
        await application(scope, receive, send);
      } catch (error) {
        // That a connection ended, or that an application knows no lifespan, is no failure.
        if (!(error instanceof ConnectionClosed) && scope.type !== "lifespan") this.#keep(error);
        throw error;
      }
    };
  }

  /** Takes the oldest error that nobody has seen; `undefined` where there is none. */
  take(): { readonly error: unknown } | undefined {
    if (this.#thrown.length === 0) return undefined;
    return { error: this.#thrown.shift() };
  }

  /** Waits for an error. */
  async thrown(): Promise<unknown> {
    if (this.#thrown.length === 0) await new Promise<void>((resolve) => this.#onThrown.push(resolve));
    return this.#thrown.shift();
  }

  #keep(error: unknown): void {
    this.#thrown.push(error);
    this.#onThrown.shift()?.();
  }
}
