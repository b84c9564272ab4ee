import { type AllowedOrigins, originCheck } from "@ws/events";
import { z } from "zod";
import { engineAt } from "./engine.js";
import { type LogLevel, logLevels } from "./logger.js";

/** What the environment says. */
export interface Config {
  /** 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  readonly allowedOrigins: AllowedOrigins;
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

function readOrigins(text: string, context: z.RefinementCtx): AllowedOrigins {
  const entries = text.split(",").map((entry) => entry.trim());
  if (entries.length === 1 && entries[0] === "*") return "*";
  try {
    originCheck(entries);
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as TypeError).message });
  }
  return entries;
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
  ALLOWED_ORIGINS: z.string().transform(readOrigins).default(["same-host"]),
  LOG_LEVEL: z.enum(logLevels).default("info"),
  BROADCAST: z.string().refine(isEngine).default("memory"),
});

type Variable = keyof typeof environment.shape;

/** What each variable may be, for the error text. */
const expected: Readonly<Record<Variable, string>> = {
  PORT: "a whole number from 0 to 65535",
  HOST: "an address or a host name without scheme and port, such as 127.0.0.1",
  ALLOWED_ORIGINS: '"*", or origins with commas between them, such as https://example.com,same-host',
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
    const { PORT, HOST, ALLOWED_ORIGINS, LOG_LEVEL, BROADCAST } = result.data;
    return {
      port: PORT,
      host: HOST,
      allowedOrigins: ALLOWED_ORIGINS,
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
