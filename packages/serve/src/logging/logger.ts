import type { Logger } from "@ws/server";
import { jsonLine } from "./json-line.js";
import { type Fields, type Level, levels } from "./level.js";
import { prettyLine } from "./pretty-line.js";

/** How a process writes its log. */
export interface LogFormat {
  readonly log: "pretty" | "json" | "silent";
  readonly logLevel: Level;
}

/** Nobody reads it any more: the error, which comes next, must not end the process. */
function onWritten(this: NodeJS.WriteStream, error: Error | null | undefined): void {
  if (error && this.listenerCount("error") === 0) this.once("error", () => {});
}

function write(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`, onWritten.bind(stream));
}

/**
 * Makes the log of a process. JSON goes to standard output, whole and one line each; what is for a person to standard
 * error.
 */
export function createLogger({ log, logLevel }: LogFormat): Logger {
  const at =
    (level: Level): Logger["info"] =>
    (message, fields = {}) => {
      if (log === "silent" || levels[level] < levels[logLevel]) return;
      if (log === "json") write(process.stdout, jsonLine(level, message, fields));
      else write(process.stderr, prettyLine(level, message, fields));
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Tells where the application can be reached: on standard output, where a person or a program looks for it. */
export function announce({ log }: Pick<LogFormat, "log">, url: string, fields: Fields): void {
  if (log === "silent") return;
  if (log === "json") write(process.stdout, jsonLine("info", "listening", { url, ...fields }));
  else write(process.stdout, `Open ${url}`);
}
