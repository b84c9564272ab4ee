import { type AllowedHosts, type AllowedOrigins, hostCheck, originCheck } from "@ws/events";
import { z } from "zod";
import { engineAt } from "./engines/engine.js";
import { type LogLevel, logLevels } from "./logger.js";

/** What the environment says. */
export interface Config {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  readonly allowedOrigins: AllowedOrigins;
  readonly allowedHosts: AllowedHosts;
  readonly logLevel: LogLevel;
  /** The address of an engine, as `engineAt` takes it. It may hold a password. */
  readonly broadcast: string;
}

/** The environment is not what it should be; `problems` has one line for each variable. */
export class ConfigError extends Error {
  override readonly name: string = "ConfigError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

/** Reads `"*"` or a list with commas, and lets `check` throw for an entry that is wrong. */
function readList(check: (entries: readonly string[]) => unknown) {
  return (text: string, context: z.RefinementCtx): "*" | readonly string[] => {
    const entries = text.split(",").map((entry) => entry.trim());
    if (entries.length === 1 && entries[0] === "*") return "*";
    try {
      check(entries);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as TypeError).message });
    }
    return entries;
  };
}

/**
 * A demo that only its own machine can reach answers for that machine's names alone: a page of a name that was rebound
 * to 127.0.0.1 would reach it too.
 */
function hostsOf(host: string): AllowedHosts {
  const isLoopback = host === "localhost" || host === "::1" || /^127(\.[0-9]{1,3}){3}$/.test(host);
  if (!isLoopback) return "*";
  return [...new Set(["localhost", "127.0.0.1", "[::1]", host === "::1" ? "[::1]" : host])];
}

function isEngine(address: string): boolean {
  try {
    engineAt(address);
    return true;
  } catch {
    return false;
  }
}

const environment = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port <= 65_535)
    .default(8000),
  HOST: z
    .string()
    .regex(/^[\w.:-]{1,253}$/)
    .default("127.0.0.1"),
  ALLOWED_ORIGINS: z.string().transform(readList(originCheck)).default(["same-host"]),
  ALLOWED_HOSTS: z.string().transform(readList(hostCheck)).optional(),
  LOG_LEVEL: z.enum(logLevels).default("info"),
  BROADCAST: z.string().refine(isEngine).default("memory"),
});

type Variable = keyof typeof environment.shape;

/** What each variable may be, for the error text. */
const expected: Readonly<Record<Variable, string>> = {
  PORT: "a whole number from 0 to 65535",
  HOST: "an address or a host name without scheme and port, such as 127.0.0.1",
  ALLOWED_ORIGINS: '"*", or origins with commas between them, such as https://example.com,same-host',
  ALLOWED_HOSTS: '"*", or hosts with commas between them, such as example.com,.example.org',
  LOG_LEVEL: `one of ${logLevels.join(", ")}`,
  BROADCAST: "memory, redis://host:port, rediss://host:port or nats://host:port",
};

/**
 * Reads the configuration. A variable that is empty counts as not given.
 *
 * @throws {ConfigError} that names every variable that is wrong, what it should be, and what it is.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.keys(expected).filter((name) => env[name] !== undefined && env[name] !== "");
  const result = environment.safeParse(Object.fromEntries(given.map((name) => [name, env[name]])));
  if (result.success) {
    const { PORT, HOST, ALLOWED_ORIGINS, ALLOWED_HOSTS, LOG_LEVEL, BROADCAST } = result.data;
    return {
      port: PORT,
      host: HOST,
      allowedOrigins: ALLOWED_ORIGINS,
      allowedHosts: ALLOWED_HOSTS ?? hostsOf(HOST),
      logLevel: LOG_LEVEL,
      broadcast: BROADCAST,
    };
  }
  const wrong = new Set(result.error.issues.map(({ path }) => path[0] as Variable));
  const got = (name: Variable): string => {
    if (name === "BROADCAST") return "something else (not shown, as it may hold a password)";
    return JSON.stringify((env[name] ?? "").slice(0, 64));
  };
  throw new ConfigError([...wrong].map((name) => `${name}: expected ${expected[name]}, got ${got(name)}`));
}
