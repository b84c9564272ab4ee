import { createApplication } from "./application.js";
import { readConfig } from "./config.js";
import { engineAt } from "./engines/engine.js";
import { createLogger } from "./logger.js";

const { logLevel, broadcast } = readConfig(process.env);
const logger = createLogger(logLevel, (line) => process.stderr.write(line));

/** The demo as `ws-serve` runs it. */
export default createApplication({ logger, engine: engineAt(broadcast) });
