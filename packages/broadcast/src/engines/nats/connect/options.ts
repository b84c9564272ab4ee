import type { Authenticator, ConnectionOptions, TlsOptions } from "@nats-io/transport-node";

/** How NATS is reached and used. */
export interface NatsOptions {
  /**
   * `nats://user:password@host:port`, `nats://token@host:port` or `host:port`; `tls:` for TLS. Several are the servers of
   * one cluster, with the same name and password. It takes nats-server 2.9 or newer, with JetStream where a history is used.
   */
  readonly servers: string | readonly string[];
  /** The prefix of all subjects and streams; `"ws"` by default. Broadcasts with different prefixes do not see each other. */
  readonly prefix?: string | undefined;
  /**
   * Authenticates by an NKey, a JWT or a file of credentials. It is made by the client's `nkeyAuthenticator`,
   * `jwtAuthenticator` or `credsAuthenticator`, and is called for each connection, so it can give a renewed JWT.
   */
  readonly authenticator?: Authenticator | undefined;
  /** Certificates, in the form that the client takes; if this is given, TLS is required. */
  readonly tls?: TlsOptions | undefined;
  /**
   * On how many servers of a cluster a topic's history is kept, from 1 to 5; 1 by default. With 3 it survives the loss of
   * one server. With 1 it is unavailable as long as its server is, and is lost together with it.
   */
  readonly replicas?: number | undefined;
  /**
   * How long a connection to one server may take until it can be used, in ms; 5,000 by default. Where NATS cannot be reached
   * at all, it is tried again after this time and a pause of up to 1 s.
   */
  readonly connectTimeout?: number | undefined;
  /**
   * After how long the server is asked for a sign of life, and how long the answer may take, in ms; 5,000 by default. A
   * server that hangs is noticed within twice that time.
   */
  readonly pingInterval?: number | undefined;
}

/** The options after the checks, with their defaults. */
export interface NatsSettings {
  readonly prefix: string;
  readonly replicas: number;
  readonly pingInterval: number;
  /** The addresses `host:port`, for people. Nothing else about the servers is put into messages. */
  readonly hosts: string;
  readonly connection: ConnectionOptions;
}

/** The credentials in the URLs. */
interface Credentials {
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

const names: readonly string[] = [
  "servers",
  "prefix",
  "authenticator",
  "tls",
  "replicas",
  "connectTimeout",
  "pingInterval",
];

function checkNames(options: object): void {
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(`nats options: expected ${names.join(", ")}, got ${unknown.slice(0, 64)}`);
}

function checkTime(name: string, value: number): number {
  if (typeof value === "number" && value >= 100 && value <= 60_000) return value;
  const got = String(value).slice(0, 64);
  throw new TypeError(`nats options.${name}: expected milliseconds from 100 to 60000, got ${got}`);
}

function checkReplicas(replicas: number): number {
  if (Number.isInteger(replicas) && replicas >= 1 && replicas <= 5) return replicas;
  const got = String(replicas).slice(0, 64);
  throw new TypeError(`nats options.replicas: expected a whole number from 1 to 5, got ${got}`);
}

/** Checks the prefix, which must not contain a dot or an equals sign: these separate it from the topic. */
function checkPrefix(prefix: string): string {
  if (typeof prefix === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(prefix)) return prefix;
  const got = JSON.stringify(String(prefix).slice(0, 64));
  throw new TypeError(`nats options.prefix: expected 1 to 64 of A-Z a-z 0-9 _ -, got ${got}`);
}

/** Parses a server's address. The text is never quoted in an error, because it may contain a password. */
function parseServer(server: unknown): URL {
  const text = typeof server === "string" ? server : "";
  try {
    const url = new URL(text.includes("://") ? text : `nats://${text}`);
    decodeURIComponent(url.username + url.password);
    const rest = url.pathname.replace(/^\/$/, "") + url.search + url.hash;
    if (/^(nats|tls):$/.test(url.protocol) && url.hostname !== "" && rest === "") return url;
  } catch {
    // It is no URL, or contains an invalid escape; the error follows below.
  }
  throw new TypeError(
    'nats options.servers: expected "nats://user:password@host:port", the same with tls:, or "host:port", got ' +
      "something else. A special character of a password must be percent-encoded.",
  );
}

function credentialsOf({ username, password }: URL): Credentials {
  if (password === "") return { token: decodeURIComponent(username) };
  return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
}

function checkCredentials(urls: readonly URL[]): Credentials {
  const named = urls.filter((url) => url.username !== "");
  const isSame = new Set(named.map((url) => `${url.username}:${url.password}`)).size < 2;
  if (isSame) return Object.assign({}, ...named.map(credentialsOf));
  throw new TypeError("nats options.servers: expected one name and password for all servers, got several");
}

/** @throws {TypeError} for an unknown option, or an invalid value. */
export function resolveNatsOptions(options: NatsOptions): NatsSettings {
  checkNames(options);
  const { servers, prefix = "ws", replicas = 1, connectTimeout = 5_000, pingInterval = 5_000 } = options;
  const urls = [servers].flat().map(parseServer);
  if (urls.length === 0) throw new TypeError("nats options.servers: expected at least one server, got none");
  const hosts = urls.map((url) => `${url.hostname}:${url.port || "4222"}`);
  const tls = options.tls ?? (urls.some((url) => url.protocol === "tls:") ? {} : undefined);
  return {
    prefix: checkPrefix(prefix),
    replicas: checkReplicas(replicas),
    pingInterval: checkTime("pingInterval", pingInterval),
    hosts: hosts.join(", ").slice(0, 100),
    connection: {
      servers: hosts,
      timeout: checkTime("connectTimeout", connectTimeout),
      ...checkCredentials(urls),
      ...(options.authenticator !== undefined && { authenticator: options.authenticator }),
      ...(tls !== undefined && { tls }),
      // A connection that was lost is dropped with everything in it, so that nothing of it is sent later over another one.
      reconnect: false,
      ignoreClusterUpdates: true,
      noAsyncTraces: true,
    },
  };
}
