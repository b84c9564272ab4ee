import { defineConfig, type ServeConfig } from "@ws/serve";
import { type Config, ConfigError, readConfig } from "./src/config.js";
import { createLogger } from "./src/logger.js";

function read(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    // What its user can mend is told in lines without a stack.
    if (error instanceof ConfigError) error.stack = error.message;
    throw error;
  }
}

const { allowedHosts, allowedOrigins, logLevel } = read();

/** Host and port are read from `HOST` and `PORT` by `ws-serve` itself. */
const config: ServeConfig = defineConfig({
  allowedHosts,
  allowedOrigins,
  logger: createLogger(logLevel, (line) => process.stderr.write(line)),
  // The application has a line for each connection already.
  accessLog: false,
});

export default config;
