import { type Logger, silent } from "../session/logger.js";
import { fromPino, isPinoShaped, type PinoLike } from "./pino-logger.js";
import { standardError } from "./standard-error.js";
import { fromWinston, isWinstonShaped } from "./winston-logger.js";

/**
 * What the option `logger` takes: `console`, winston and loggers like them; pino, `fastify.log` and loggers like them, which
 * are recognized by their shape; or `false` for silence.
 */
export type LoggerOption = Logger | PinoLike | false;

const levels = ["debug", "info", "warn", "error"] as const satisfies readonly (keyof Logger)[];

/** Wraps a logger so that its own errors are swallowed, because a logger that fails must not end connections. */
function tolerant(logger: Logger): Logger {
  const at =
    (level: keyof Logger): Logger["debug"] =>
    (message, fields) => {
      try {
        // `console` writes every argument that it is given, even `undefined`.
        if (fields === undefined) logger[level](message);
        else logger[level](message, fields);
      } catch {
        // The logger itself has failed, so there is no other place where this could be reported.
      }
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/**
 * Gives the logger that an option stands for.
 *
 * @throws {TypeError} for a value that lacks one of the four methods.
 */
export function resolveLogger(option: LoggerOption): Logger {
  if (option === false) return silent;
  if (option === standardError) return standardError;
  const given = option as Partial<Logger> | null | undefined;
  const missing = levels.find((level) => typeof given?.[level] !== "function");
  if (missing !== undefined) {
    throw new TypeError(
      `options.logger: expected debug, info, warn and error as console has them, pino, winston or false;` +
        ` got ${given === null ? "null" : typeof given} without ${missing}`,
    );
  }
  if (isPinoShaped(option)) return tolerant(fromPino(option));
  return tolerant(isWinstonShaped(option) ? fromWinston(option as Logger) : (option as Logger));
}
