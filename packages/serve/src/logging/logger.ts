import type { Logger } from "@ws/server";
import { jsonLine } from "./json-line.js";
import { type Fields, type Level, levels } from "./level.js";
import { prettyLine } from "./pretty-line.js";

/** The settings of the log. */
export interface LogFormat {
  readonly log: "pretty" | "json" | "silent";
  readonly logLevel: Level;
}

/**
 * Ignores an error of the write: nobody reads the log any more, and the `error` event that follows must not end the process.
 */
function onWritten(this: NodeJS.WriteStream, error: Error | null | undefined): void {
  if (error && this.listenerCount("error") === 0) this.once("error", () => {});
}

function write(stream: NodeJS.WriteStream, line: string): void {
  stream.write(`${line}\n`, onWritten.bind(stream));
}

/** Makes the log of a process. JSON goes to standard output, one line at a time; text for people goes to standard error. */
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

/** Reports the address of the application on standard output, where a person or a program looks for it. */
export function announce({ log }: Pick<LogFormat, "log">, url: string, fields: Fields): void {
  if (log === "silent") return;
  if (log === "json") write(process.stdout, jsonLine("info", "listening", { url, ...fields }));
  else write(process.stdout, `Open ${url}`);
}
