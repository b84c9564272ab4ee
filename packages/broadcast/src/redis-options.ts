/** Where Redis is and how it is used. */
export interface RedisOptions {
  /** `redis://user:password@host:port/database`; `rediss:` for TLS. Redis 6.2 or newer. */
  readonly url: string;
  /** What the names of all keys and channels begin with; `"ws"`. Another prefix is another world. */
  readonly prefix?: string | undefined;
  /**
   * How long a connection may take until it can be used, in ms; 1,000. Where Redis can't be reached at all, this and a
   * pause of up to 1 s is how often it is tried.
   */
  readonly connectTimeout?: number | undefined;
  /**
   * After how long each connection is asked for a sign of life, and how long that may take, in ms; 5,000. A Redis that
   * hangs is found within twice that.
   */
  readonly pingInterval?: number | undefined;
}

/** The options, checked and with their defaults. */
export interface RedisSettings {
  readonly url: string;
  readonly prefix: string;
  readonly connectTimeout: number;
  readonly pingInterval: number;
  /** What must not stand in any text: the password, as it stands in the URL and as it is sent. */
  readonly secrets: readonly string[];
}

const names: readonly string[] = ["url", "prefix", "connectTimeout", "pingInterval"];

function checkNames(options: object): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`redis options: expected ${names.join(", ")}, got ${unknown.slice(0, 64)}`);
}

function checkTime(name: string, value: number): number {
  if (typeof value === "number" && value >= 1 && value <= 60_000) return value;
  const got = String(value).slice(0, 64);
  throw new TypeError(`redis options.${name}: expected milliseconds from 1 to 60000, got ${got}`);
}

function checkPrefix(prefix: string): string {
  if (/^[A-Za-z0-9._:-]{1,64}$/.test(prefix)) return prefix;
  throw new TypeError(
    `redis options.prefix: expected 1 to 64 of A-Z a-z 0-9 . _ : -, got ${JSON.stringify(String(prefix).slice(0, 64))}`,
  );
}

/** Never quotes the URL: it may hold a password. */
function secretsOf(url: string): readonly string[] {
  try {
    const parsed = new URL(url);
    if (/^rediss?:$/.test(parsed.protocol) && /^(\/\d{0,9})?$/.test(parsed.pathname)) {
      decodeURIComponent(parsed.username);
      return [parsed.password, decodeURIComponent(parsed.password)].filter((secret) => secret !== "");
    }
  } catch {
    // No URL, or an escape that is none; told below.
  }
  throw new TypeError(
    'redis options.url: expected "redis://user:password@host:port/database" or the same with rediss:, got something ' +
      "else. A special character of a password must be percent-encoded, and a database is a number.",
  );
}

/** @throws {TypeError} for a name that is no option, or a value that can't be used. */
export function resolveRedisOptions(options: RedisOptions): RedisSettings {
  checkNames(options);
  const { url, prefix = "ws", connectTimeout = 1_000, pingInterval = 5_000 } = options;
  return {
    url,
    prefix: checkPrefix(prefix),
    connectTimeout: checkTime("connectTimeout", connectTimeout),
    pingInterval: checkTime("pingInterval", pingInterval),
    secrets: secretsOf(url),
  };
}
