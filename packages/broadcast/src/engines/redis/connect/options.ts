import { bad, checkNames } from "../../../engine/option-checks.js";
import { type NodeAddress, type NodeAddressMap, parseAddress } from "./address.js";
import type { CredentialsProvider, NodeAccess, TlsOptions } from "./client.js";
import { checkOwnClient, isClusterClient, type OwnClient, secretsOfClient } from "./own-client.js";

/** The sentinels, and the primary that they are asked for. */
export interface RedisSentinelPlace {
  /** The name of the primary at the sentinels, as in `sentinel monitor <name> …`. */
  readonly name: string;
  /** The addresses `host:port` of all sentinels, or at least of two of them. */
  readonly nodes: readonly string[];
  /** The ACL user of the sentinels themselves; none by default. The user of the primary is `options.username`. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** TLS to the sentinels. By default it is `options.tls`, as for the primary; `false` for sentinels without TLS. */
  readonly tls?: TlsOptions | false | undefined;
}

/** The place of a cluster. */
export interface RedisClusterPlace {
  /**
   * The addresses `host:port` of some nodes, which are asked for all others. Give two or more, as one of them may be away.
   */
  readonly nodes: readonly string[];
}

/** How Redis is reached and used. Exactly one of `url`, `sentinel`, `cluster` and `client` says where it is. */
export interface RedisOptions {
  /** One server: `redis://user:password@host:port/database`, or `rediss:` for TLS. Redis 6.2 or newer. */
  readonly url?: string | undefined;
  /** The primary that sentinels watch, whichever server that is at the moment. Redis 6.2 or newer. */
  readonly sentinel?: RedisSentinelPlace | undefined;
  /** A Redis Cluster: the topics are spread over all of its nodes, by sharded channels. Redis 7.0 or newer. */
  readonly cluster?: RedisClusterPlace | undefined;
  /**
   * A client of `@redis/client`, or `redis`, that the application has made by `createClient` or `createCluster`. The engine
   * opens its own connections with the options of that client. The client itself is neither used nor closed; the client of a
   * cluster must be connected before the broadcast starts.
   */
  readonly client?: OwnClient | undefined;
  /** The ACL user of the servers; by default the user of the URL, or Redis' own default user. */
  readonly username?: string | undefined;
  /** The password of that user; by default that of the URL, or none. */
  readonly password?: string | undefined;
  /** Gives name and password for each new connection, where they change; it takes the place of the two. */
  readonly credentialsProvider?: CredentialsProvider | undefined;
  /** The number of the database where there is no URL; 0 by default. A cluster has no other. */
  readonly database?: number | undefined;
  /**
   * TLS for every connection, with the options of `node:tls`: `ca`, `cert`, `key`, `servername` …; `{}` for TLS with the
   * system's CAs. By default TLS is used only where the URL begins with `rediss:`.
   */
  readonly tls?: TlsOptions | undefined;
  /**
   * The addresses of servers that sentinels or a cluster name by another address, as behind a port mapping: by the address
   * `host:port` that they name, or a function of it. By default the named address is used.
   */
  readonly nodeAddressMap?: NodeAddressMap | undefined;
  /** The prefix of all keys and channels; `"ws"` by default. Broadcasts with different prefixes do not see each other. */
  readonly prefix?: string | undefined;
  /**
   * How long a connection may take until it can be used, in ms; 5,000 by default. Where Redis cannot be reached at all, it
   * is tried again after this time and a pause of up to 1 s.
   */
  readonly connectTimeout?: number | undefined;
  /**
   * After how long each connection is asked for a sign of life, and how long the answer may take, in ms; 5,000 by default. A
   * Redis that hangs is noticed within twice that time.
   */
  readonly pingInterval?: number | undefined;
}

/** The place of Redis. */
export type RedisPlace =
  | { readonly kind: "server"; readonly url: string }
  | {
      readonly kind: "sentinel";
      readonly name: string;
      readonly nodes: readonly NodeAddress[];
      readonly access: NodeAccess;
    }
  | { readonly kind: "cluster"; readonly nodes: readonly NodeAddress[] }
  | { readonly kind: "client"; readonly client: OwnClient };

/** The options after the checks, with their defaults. */
export interface RedisSettings {
  readonly place: RedisPlace;
  readonly access: NodeAccess;
  readonly nodeAddressMap: NodeAddressMap | undefined;
  readonly prefix: string;
  readonly connectTimeout: number;
  readonly pingInterval: number;
  /** Texts that must not appear in any message: passwords, both as they are in a URL and as they are sent. */
  readonly secrets: readonly string[];
}

const places = ["url", "sentinel", "cluster", "client"] as const;
const accessNames = ["username", "password", "credentialsProvider", "database", "tls"] as const;
const names: readonly string[] = [
  ...places,
  ...accessNames,
  "nodeAddressMap",
  "prefix",
  "connectTimeout",
  "pingInterval",
];

function checkTime(name: string, value: number): number {
  if (typeof value === "number" && value >= 1 && value <= 60_000) return value;
  throw bad(`redis options.${name}`, "milliseconds from 1 to 60000", value);
}

function checkPrefix(prefix: string): string {
  if (/^[A-Za-z0-9._:-]{1,64}$/.test(prefix)) return prefix;
  const got = JSON.stringify(String(prefix).slice(0, 64));
  throw new TypeError(`redis options.prefix: expected 1 to 64 of A-Z a-z 0-9 . _ : -, got ${got}`);
}

/** Parses the URL. The URL is never quoted in an error, because it may contain a password. */
function parseUrl(url: string): URL {
  try {
    const parsed = new URL(url);
    if (/^rediss?:$/.test(parsed.protocol) && /^(\/\d{0,9})?$/.test(parsed.pathname)) {
      decodeURIComponent(parsed.username);
      decodeURIComponent(parsed.password);
      return parsed;
    }
  } catch {
    // It is no URL, or contains an invalid escape; the error follows below.
  }
  throw new TypeError(
    'redis options.url: expected "redis://user:password@host:port/database" or the same with rediss:, got something ' +
      "else. A special character of a password must be percent-encoded, and a database is a number.",
  );
}

/** Which of the four options says where Redis is. */
function placeNameOf(options: RedisOptions): (typeof places)[number] {
  const given = places.filter((name) => options[name] !== undefined);
  const [only] = given;
  if (only !== undefined && given.length === 1) return only;
  const got = given.length === 0 ? "none" : given.join(" and ");
  throw new TypeError(`redis options: expected one of ${places.join(", ")}, got ${got}`);
}

/** Checks for options that repeat something that is given elsewhere, or that this kind of place does not have. */
function checkTogether(place: string, options: RedisOptions): void {
  const given = (...of: readonly (keyof RedisOptions)[]): string | undefined =>
    of.find((name) => options[name] !== undefined);
  const refuse = (name: string | undefined, why: string): void => {
    if (name !== undefined)
      throw new TypeError(`redis options.${name}: expected none with ${place}, got one. ${why}`);
  };
  if (place === "url") refuse(given("database"), "The database is the last part of the URL.");
  if (place === "cluster") refuse(given("database"), "A cluster has one database, 0.");
  if (place === "client") refuse(given(...accessNames), "Connections are made by the options of the client.");
  const isOneServer = place === "url" || (options.client !== undefined && !isClusterClient(options.client));
  if (isOneServer) refuse(given("nodeAddressMap"), "Nobody but sentinels and clusters names addresses.");
  if (options.credentialsProvider !== undefined)
    refuse(given("username", "password"), "credentialsProvider gives both.");
}

function checkText(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "string") throw bad(name, "a text", value);
}

function checkAccess(where: string, { username, password, tls }: Omit<NodeAccess, "database">): void {
  checkText(`${where}.username`, username);
  // The value of a password is never quoted.
  if (password !== undefined && typeof password !== "string")
    throw bad(`${where}.password`, "a text", typeof password);
  if (tls !== undefined && (typeof tls !== "object" || tls === null))
    throw bad(`${where}.tls`, "the options of node:tls, or {}", tls);
}

function checkDatabase(database: number): number {
  if (Number.isInteger(database) && database >= 0 && database < 1e9) return database;
  throw bad("redis options.database", "a whole number from 0", database);
}

function nodesOf(where: string, nodes: readonly string[]): readonly NodeAddress[] {
  if (!Array.isArray(nodes) || nodes.length === 0)
    throw bad(where, 'at least one "host:port" in an array', nodes);
  return nodes.map((node) => parseAddress(where, node));
}

function sentinelPlace(given: RedisSentinelPlace, tls: TlsOptions | undefined): RedisPlace {
  const where = "redis options.sentinel";
  checkNames(where, given, ["name", "nodes", "username", "password", "tls"]);
  const { name, username, password } = given;
  if (typeof name !== "string" || !/^[\x21-\x7e]{1,255}$/.test(name))
    throw bad(`${where}.name`, "the name of a primary, as sentinels call it", name);
  const own = given.tls === false ? undefined : (given.tls ?? tls);
  const access = { username, password, tls: own, database: 0 };
  checkAccess(where, access);
  return { kind: "sentinel", name, nodes: nodesOf(`${where}.nodes`, given.nodes), access };
}

function placeOf(options: RedisOptions): RedisPlace {
  const name = placeNameOf(options);
  if (options.client !== undefined) checkOwnClient(options.client);
  checkTogether(name, options);
  const { url = "", sentinel, cluster, client } = options;
  if (sentinel !== undefined) return sentinelPlace(sentinel, options.tls);
  if (cluster !== undefined) {
    checkNames("redis options.cluster", cluster, ["nodes"]);
    return { kind: "cluster", nodes: nodesOf("redis options.cluster.nodes", cluster.nodes) };
  }
  return client === undefined ? { kind: "server", url } : { kind: "client", client };
}

/** The access that the URL describes, where there is one. Options that are given as well come first. */
function accessOf(options: RedisOptions): NodeAccess {
  const { url, username, password, credentialsProvider, tls, database = 0 } = options;
  checkAccess("redis options", options);
  const own = { username, password, credentialsProvider, tls, database: checkDatabase(database) };
  if (url === undefined) return own;
  const parsed = parseUrl(url);
  const isNamed = username === undefined && password === undefined && credentialsProvider === undefined;
  return {
    ...own,
    ...(isNamed && parsed.username !== "" && { username: decodeURIComponent(parsed.username) }),
    ...(isNamed && parsed.password !== "" && { password: decodeURIComponent(parsed.password) }),
    tls: tls ?? (parsed.protocol === "rediss:" ? {} : undefined),
    database: Number(parsed.pathname.slice(1)),
  };
}

function secretsOf({ url, password, sentinel, client }: RedisOptions): readonly string[] {
  const inUrl = url === undefined ? "" : parseUrl(url).password;
  const own = client === undefined ? [] : secretsOfClient(client);
  const all = [inUrl, decodeURIComponent(inUrl), password ?? "", sentinel?.password ?? "", ...own];
  return [...new Set(all)].filter((secret) => secret !== "");
}

/** @throws {TypeError} for an unknown option, an invalid value, or options that contradict each other. */
export function resolveRedisOptions(options: RedisOptions): RedisSettings {
  checkNames("redis options", options, names);
  const { prefix = "ws", connectTimeout = 5_000, pingInterval = 5_000, nodeAddressMap } = options;
  const place = placeOf(options);
  return {
    place,
    access: accessOf(options),
    nodeAddressMap,
    prefix: checkPrefix(prefix),
    connectTimeout: checkTime("connectTimeout", connectTimeout),
    pingInterval: checkTime("pingInterval", pingInterval),
    secrets: secretsOf(options),
  };
}
