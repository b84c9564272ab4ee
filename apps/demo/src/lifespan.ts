import type { Middleware } from "@ws/events";

/** What an application needs for as long as it runs. */
export interface Resource {
  /** Rejects where it can't be had. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** Waits for the resource before the first connection, and closes it after the last. ASGI lifespan 2.0. */
export function lifespan(resource: Resource): Middleware {
  return (application) => async (scope, receive, send) => {
    if (scope.type !== "lifespan") return await application(scope, receive, send);
    await receive();
    try {
      await resource.ready;
    } catch (error) {
      await resource.close();
      const message = error instanceof Error ? error.message : String(error);
      return await send({ type: "lifespan.startup.failed", message });
    }
    await send({ type: "lifespan.startup.complete" });
    await receive();
    await resource.close();
    await send({ type: "lifespan.shutdown.complete" });
  };
}
