import type { Application, SendEvent } from "@ws/events";
import { Lifespan } from "./lifespan.js";
import type { Logger } from "./logger.js";
import { FakeClock } from "./timing/clock.fixture.js";

export interface Made {
  readonly lifespan: Lifespan;
  readonly clock: FakeClock;
  /** What was logged: level, message, fields. */
  readonly lines: unknown[][];
}

export function make(application: Application): Made {
  const lines: unknown[][] = [];
  const log =
    (level: string) =>
    (...line: unknown[]): void => {
      lines.push([level, ...line]);
    };
  const logger: Logger = { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
  const clock = new FakeClock();
  return { lifespan: new Lifespan(application, clock, logger), clock, lines };
}

/** One that answers start-up and shutdown with these events. */
export function answering(onStartup: SendEvent, onShutdown: SendEvent): Application {
  return async (_, receive, send) => {
    await receive();
    await send(onStartup);
    await receive();
    await send(onShutdown);
  };
}

export const never: Promise<never> = new Promise<never>(() => {});
export const started: SendEvent = { type: "lifespan.startup.complete" };
export const stopped: SendEvent = { type: "lifespan.shutdown.complete" };

/** Lets what is resolved arrive. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
