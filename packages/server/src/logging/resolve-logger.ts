import { type Logger, silent } from "../session/logger.js";
import { fromPino, isPinoShaped, type PinoLike } from "./pino-logger.js";
import { standardError } from "./standard-error.js";
import { fromWinston, isWinstonShaped } from "./winston-logger.js";

/** `console`, winston and their like; pino, `fastify.log` and their like, known by their shape; `false` for silence. */
export type LoggerOption = Logger | PinoLike | false;

const levels = ["debug", "info", "warn", "error"] as const satisfies readonly (keyof Logger)[];

/** A logger that fails must not end connections. */
function tolerant(logger: Logger): Logger {
  const at =
    (level: keyof Logger): Logger["debug"] =>
    (message, fields) => {
      try {
        // `console` writes every argument, `undefined` too.
        if (fields === undefined) logger[level](message);
        else logger[level](message, fields);
      } catch {
        // There is no other place to say it.
      }
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/**
 * The logger that an option stands for.
 *
 * @throws {TypeError} for what has not the four methods.
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
