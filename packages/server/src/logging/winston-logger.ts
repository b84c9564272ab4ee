import type { Logger } from "../session/logger.js";

export function isWinstonShaped(logger: object): boolean {
  const { transports, configure } = logger as Readonly<Record<string, unknown>>;
  return transports !== undefined && typeof configure === "function";
}

/**
 * Makes a `Logger` of winston. Winston writes JSON, which keeps nothing of an error object, so it is given the error's
 * parts.
 */
export function fromWinston(winston: Logger): Logger {
  const at =
    (level: keyof Logger): Logger["debug"] =>
    (message, fields = {}) => {
      const { error } = fields;
      const parts = error instanceof Error && {
        error: { name: error.name, message: error.message, stack: error.stack },
      };
      winston[level](message, { ...fields, ...parts });
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
