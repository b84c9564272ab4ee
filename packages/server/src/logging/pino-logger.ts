import type { Logger } from "../session/logger.js";

type PinoMethod = (fields: object, message: string) => void;

/**
 * The part of pino's interface that `fastify.log` and bunyan share: the fields come first, and the error among them is
 * called `err`.
 */
export interface PinoLike {
  readonly debug: PinoMethod;
  readonly info: PinoMethod;
  readonly warn: PinoMethod;
  readonly error: PinoMethod;
}

/**
 * Whether a logger is pino-shaped. Such loggers make children and know `trace` and `fatal`; winston has these as well, but
 * it also has `transports`.
 */
export function isPinoShaped(logger: object): logger is PinoLike {
  const { child, trace, fatal, transports } = logger as Readonly<Record<string, unknown>>;
  return [child, trace, fatal].every((method) => typeof method === "function") && transports === undefined;
}

/**
 * Makes a `Logger` of a pino-shaped one. The option `logger` does the same by itself for loggers that it recognizes by their
 * shape.
 */
export function fromPino(pino: PinoLike): Logger {
  const at =
    (level: keyof PinoLike): Logger["debug"] =>
    (message, { error, ...fields } = {}) => {
      // Pino writes an error with its stack only under the name `err`.
      pino[level](error === undefined ? fields : { ...fields, err: error }, message);
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
