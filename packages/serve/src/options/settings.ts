import { availableParallelism } from "node:os";
import type { Values } from "./flags.js";
import { options } from "./table.js";
import { type OptionValue, UsageError } from "./value.js";

/** The options of the command with every default filled in. Durations are in ms, sizes in bytes. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly unix: string | undefined;
  readonly unixMode: string;
  readonly fd: number | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly backlog: number;
  readonly reload: boolean;
  readonly reloadDir: readonly string[];
  readonly reloadInclude: readonly string[];
  readonly reloadExclude: readonly string[];
  readonly reloadOrder: "new-first" | "old-first";
  readonly factory: boolean;
  readonly workers: number;
  readonly import: readonly string[];
  readonly envFile: readonly string[];
  readonly maxRss: number | undefined;
  readonly healthcheckTimeout: number;
  readonly drain: number;
  readonly grace: number;
  readonly shutdownDelay: number;
  readonly health: string | undefined;
  readonly pidFile: string | undefined;
  readonly log: "pretty" | "json" | "silent";
  readonly logLevel: "debug" | "info" | "warn" | "error";
  readonly accessLog: boolean;
}

/** The merged values of all sources. */
export interface Resolved {
  readonly settings: Settings;
  /** The options for `serve` that were given, by their names there. */
  readonly server: Readonly<Record<string, unknown>>;
}

/** The circumstances in which the command was started. */
export interface Surroundings {
  readonly isTerminal: boolean;
}

/** Merges sources. For an option that several of them set, the first one counts. */
export function merged(...sources: readonly Values[]): Values {
  return new Map(sources.toReversed().flatMap((values) => [...values]));
}

/** Sets a value such as `receiveQueue.bytes`, inside the object `receiveQueue`. */
function put(target: Record<string, unknown>, key: string, value: unknown): void {
  const [name = key, part] = key.split(".");
  target[name] = part === undefined ? value : { ...(target[name] as object | undefined), [part]: value };
}

/** A single `"*"` means all, and is passed on as a text and not as a list. */
function forServer(value: OptionValue): unknown {
  return Array.isArray(value) && value.length === 1 && value[0] === "*" ? "*" : value;
}

/**
 * Fills in the defaults.
 *
 * @throws {UsageError} where two options that were given contradict each other.
 */
export function resolveSettings(given: Values, { isTerminal }: Surroundings): Resolved {
  const settings: Record<string, unknown> = {};
  const server: Record<string, unknown> = {};
  const queue = options.filter(({ key }) => key.startsWith("receiveQueue."));
  const isQueueGiven = queue.some(({ key }) => given.has(key));
  for (const option of options) {
    const value = given.get(option.key);
    if (!option.isOfServer || ["host", "port", "fd", "backlog"].includes(option.key)) {
      settings[option.key] = value ?? option.default;
    } else if (value !== undefined || (isQueueGiven && queue.includes(option))) {
      put(server, option.key, forServer((value ?? option.default) as OptionValue));
    }
  }
  settings["workers"] = settings["workers"] === "auto" ? availableParallelism() : settings["workers"];
  settings["log"] ??= isTerminal ? "pretty" : "json";
  // Somebody who writes an application waits for each reload, so connections are closed at once.
  if (settings["reload"] && !given.has("drain")) settings["drain"] = 0;
  const resolved = settings as unknown as Settings;
  checkTogether(resolved);
  return { settings: resolved, server };
}

function checkTogether({ unix, unixMode, fd, tlsCert, tlsKey, health }: Settings): void {
  if (unix !== undefined && fd !== undefined) {
    throw new UsageError("expected one place to listen at, got both --unix and --fd");
  }
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw new UsageError("--tls-cert and --tls-key: expected both or none");
  }
  if (!/^[0-7]{3,4}$/.test(unixMode)) {
    throw new UsageError(
      `--unix-mode: expected rights in octal such as 660, got ${JSON.stringify(unixMode.slice(0, 64))}`,
    );
  }
  if (health !== undefined && !/^\/.*[^/]$/.test(health)) {
    throw new UsageError(
      `--health: expected "/path" without a trailing slash, got ${JSON.stringify(health.slice(0, 64))}`,
    );
  }
}
