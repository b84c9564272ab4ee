import type { Broadcast } from "@ws/broadcast";
import type { Logger } from "@ws/server";

/** Writes a line whenever the engine goes or comes back, and when messages were lost or were none. */
export function logBroadcast(broadcast: Broadcast, logger: Logger): void {
  broadcast.on("engine", ({ state, reason }) => {
    if (state === "up") logger.info("the broadcast engine is back");
    else logger.warn("the broadcast engine is down", { reason });
  });
  broadcast.on("gap", ({ topic, reason, missed }) =>
    logger.warn("messages missed", { topic, reason, missed }),
  );
  broadcast.on("poisoned", ({ topic }) => logger.warn("what came was no message", { topic }));
}
