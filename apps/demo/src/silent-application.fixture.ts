import type { Application } from "@ws/events";
import { createApplication } from "./application.js";
import { createLogger } from "./logger.js";

/** The demo without its log. */
export function silentApplication(): Application {
  return createApplication({ logger: createLogger("silent", () => {}) });
}
