import type { Authenticator, ConnectionOptions, TlsOptions } from "@nats-io/transport-node";

/** Where NATS is and how it is used. */
export interface NatsOptions {
  /**
   * `nats://user:password@host:port`, `nats://token@host:port` or `host:port`; `tls:` for TLS. Several are the servers
   * of one cluster, under one name and password. nats-server 2.9 or newer; with JetStream where history is asked for.
   */
  readonly servers: string | readonly string[];
  /** What the names of all subjects and streams begin with; `"ws"`. Another prefix is another world. */
  readonly prefix?: string | undefined;
  /**
   * Who connects, by an NKey, a JWT or a file of credentials; made by the client's `nkeyAuthenticator`, `jwtAuthenticator` or
   * `credsAuthenticator`. It is called for each connection, so it can give a JWT that was renewed.
   */
  readonly authenticator?: Authenticator | undefined;
  /** Certificates, as the client takes them; with it TLS is needed. */
  readonly tls?: TlsOptions | undefined;
  /**
   * On how many servers of a cluster a topic's history is kept, 1 to 5; 1. With 3 it outlives the loss of one server; with 1
   * it is away for as long as its server is, and is gone with it.
   */
  readonly replicas?: number | undefined;
  /**
   * How long a connection to one server may take until it can be used, in ms; 5,000. Where NATS can't be reached at all,
   * this and a pause of up to 1 s is how often it is tried.
   */
  readonly connectTimeout?: number | undefined;
  /**
   * After how long the server is asked for a sign of life, and how long that may take, in ms; 5,000. A server that hangs
   * is found within twice that.
   */
  readonly pingInterval?: number | undefined;
}

/** The options, checked and with their defaults. */
export interface NatsSettings {
  readonly prefix: string;
  readonly replicas: number;
  readonly pingInterval: number;
  /** `host:port`, for people: what is said about servers never holds more than that. */
  readonly hosts: string;
  readonly connection: ConnectionOptions;
}

/** Who connects, as URLs say it. */
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

/** Without a dot or an equals sign: these part the prefix from the topic. */
function checkPrefix(prefix: string): string {
  if (typeof prefix === "string" && /^[A-Za-z0-9_-]{1,64}$/.test(prefix)) return prefix;
  const got = JSON.stringify(String(prefix).slice(0, 64));
  throw new TypeError(`nats options.prefix: expected 1 to 64 of A-Z a-z 0-9 _ -, got ${got}`);
}

/** Never quotes the text: it may hold a password. */
function parseServer(server: unknown): URL {
  const text = typeof server === "string" ? server : "";
  try {
    const url = new URL(text.includes("://") ? text : `nats://${text}`);
    decodeURIComponent(url.username + url.password);
    const rest = url.pathname.replace(/^\/$/, "") + url.search + url.hash;
    if (/^(nats|tls):$/.test(url.protocol) && url.hostname !== "" && rest === "") return url;
  } catch {
    // No URL, or an escape that is none; told below.
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

/** @throws {TypeError} for a name that is no option, or a value that can't be used. */
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
      // A connection that was lost is left behind with all that it holds: nothing in it is sent later by another.
      reconnect: false,
      ignoreClusterUpdates: true,
      noAsyncTraces: true,
    },
  };
}
