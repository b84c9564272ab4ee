import type { ServeOptions } from "@ws/server";

/** A time in ms, or with its unit, such as `"20s"`. */
export type Duration = number | string;

/** A size in bytes, or with its unit, such as `"1MiB"`. */
export type Size = number | string;

/** The content of a config file: the options of the command, and those of `serve`. */
export interface ServeConfig extends Omit<Partial<ServeOptions>, "listen" | "path"> {
  /** The path of a unix socket, in place of host and port. */
  readonly unix?: string;
  /** The rights of the unix socket, in octal; `"660"` by default. */
  readonly unixMode?: string;
  /** The file of the certificate with its chain, in PEM. */
  readonly tlsCert?: string;
  /** The file of the certificate's private key, in PEM. */
  readonly tlsKey?: string;
  /** Loads the application again when a file changes; false by default. */
  readonly reload?: boolean;
  /** Other folders to watch. */
  readonly reloadDir?: readonly string[];
  /** Other files to watch, by patterns such as `"*.sql"`. */
  readonly reloadInclude?: readonly string[];
  /** Files not to watch, by patterns. */
  readonly reloadExclude?: readonly string[];
  /** Whether the old or the new process is there first during a reload; `"new-first"` by default. */
  readonly reloadOrder?: "new-first" | "old-first";
  /** Whether the export is a function that makes the application; false by default. */
  readonly factory?: boolean;
  /** How many processes serve; 1 by default. */
  readonly workers?: number | "auto";
  /** Modules that each process loads first. */
  readonly import?: readonly string[];
  /** Files of variables. */
  readonly envFile?: readonly string[];
  /** The memory above which a process is replaced; unlimited by default. */
  readonly maxRss?: Size;
  /** A process whose event loop does not answer for so long is replaced; 30 s by default. */
  readonly healthcheckTimeout?: Duration;
  /** Over how long connections are closed; 5 s by default, and 0 with `reload`. */
  readonly drain?: Duration;
  /** How long connections may take to end after that; 2 s by default. */
  readonly grace?: Duration;
  /** How long the process goes on accepting after the first signal; 0 by default. */
  readonly shutdownDelay?: Duration;
  /** Answers `/live` and `/ready` under this prefix; off by default. */
  readonly health?: string;
  /** Where to write the process id. */
  readonly pidFile?: string;
  /** The format of the log; `"pretty"` on a terminal, otherwise `"json"`. */
  readonly log?: "pretty" | "json" | "silent";
  /** The lowest level that is logged; `"info"` by default. */
  readonly logLevel?: "debug" | "info" | "warn" | "error";
  /** Whether connections and requests are logged; true by default. */
  readonly accessLog?: boolean;
}

/** Returns its argument. It gives an editor the types of the options in `ws.config.ts`. */
export function defineConfig(config: ServeConfig): ServeConfig {
  return config;
}
