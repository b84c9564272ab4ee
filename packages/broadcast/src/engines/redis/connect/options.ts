import { bad, checkNames } from "../../../engine/option-checks.js";
import { type NodeAddress, type NodeAddressMap, parseAddress } from "./address.js";
import type { CredentialsProvider, NodeAccess, TlsOptions } from "./client.js";
import { checkOwnClient, isClusterClient, type OwnClient, secretsOfClient } from "./own-client.js";

/** Where the sentinels are, and which primary they are asked for. */
export interface RedisSentinelPlace {
  /** What the sentinels call the primary, as in `sentinel monitor <name> …`. */
  readonly name: string;
  /** `host:port` of the sentinels; all that there are, or at least two of them. */
  readonly nodes: readonly string[];
  /** The ACL user of the sentinels themselves; none by default. That of the primary is `options.username`. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** TLS to the sentinels; that of the primary, `options.tls`, by default; `false` for sentinels without TLS. */
  readonly tls?: TlsOptions | false | undefined;
}

/** Where a cluster is. */
export interface RedisClusterPlace {
  /** `host:port` of some of its nodes, which are asked for all others; two or more, as one of them may be away. */
  readonly nodes: readonly string[];
}

/** Where Redis is and how it is used. One of `url`, `sentinel`, `cluster` and `client` says where. */
export interface RedisOptions {
  /** One server: `redis://user:password@host:port/database`; `rediss:` for TLS. Redis 6.2 or newer. */
  readonly url?: string | undefined;
  /** The primary that sentinels watch, whichever server that is now. Redis 6.2 or newer. */
  readonly sentinel?: RedisSentinelPlace | undefined;
  /** A Redis Cluster: topics lie on all of its nodes, by sharded channels. Redis 7.0 or newer. */
  readonly cluster?: RedisClusterPlace | undefined;
  /**
   * A client of `@redis/client`, or `redis`, that the application has made by `createClient` or `createCluster`. The
   * engine opens connections of its own by that client's options; the client itself is neither used nor closed, and one
   * of a cluster must be connected before the broadcast starts.
   */
  readonly client?: OwnClient | undefined;
  /** The ACL user of the servers; by default that of the URL, or Redis' own default user. */
  readonly username?: string | undefined;
  /** Its password; by default that of the URL, or none. */
  readonly password?: string | undefined;
  /** Gives name and password for each new connection, where they change; in place of the two. */
  readonly credentialsProvider?: CredentialsProvider | undefined;
  /** The number of the database where there is no URL; 0. A cluster has no other. */
  readonly database?: number | undefined;
  /**
   * TLS for every connection, as `node:tls` takes it: `ca`, `cert`, `key`, `servername` …; `{}` for TLS by the system's
   * CAs. By default there is TLS where the URL begins with `rediss:`, and none elsewhere.
   */
  readonly tls?: TlsOptions | undefined;
  /**
   * Where a server is reached whose address sentinels, or a cluster, name otherwise, as behind a port mapping: by the
   * address `host:port` that they name, or a function of it. By default it is reached at the address that they name.
   */
  readonly nodeAddressMap?: NodeAddressMap | undefined;
  /** What the names of all keys and channels begin with; `"ws"`. Another prefix is another world. */
  readonly prefix?: string | undefined;
  /**
   * How long a connection may take until it can be used, in ms; 5,000. Where Redis can't be reached at all, this and a
   * pause of up to 1 s is how often it is tried.
   */
  readonly connectTimeout?: number | undefined;
  /**
   * After how long each connection is asked for a sign of life, and how long that may take, in ms; 5,000. A Redis that
   * hangs is found within twice that.
   */
  readonly pingInterval?: number | undefined;
}

/** Where Redis is. */
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

/** The options, checked and with their defaults. */
export interface RedisSettings {
  readonly place: RedisPlace;
  readonly access: NodeAccess;
  readonly nodeAddressMap: NodeAddressMap | undefined;
  readonly prefix: string;
  readonly connectTimeout: number;
  readonly pingInterval: number;
  /** What must not stand in any text: passwords, as they stand in a URL and as they are sent. */
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

/** Never quotes the URL: it may hold a password. */
function parseUrl(url: string): URL {
  try {
    const parsed = new URL(url);
    if (/^rediss?:$/.test(parsed.protocol) && /^(\/\d{0,9})?$/.test(parsed.pathname)) {
      decodeURIComponent(parsed.username);
      decodeURIComponent(parsed.password);
      return parsed;
    }
  } catch {
    // No URL, or an escape that is none; told below.
  }
  throw new TypeError(
    'redis options.url: expected "redis://user:password@host:port/database" or the same with rediss:, got something ' +
      "else. A special character of a password must be percent-encoded, and a database is a number.",
  );
}

/** Which of the four says where Redis is. */
function placeNameOf(options: RedisOptions): (typeof places)[number] {
  const given = places.filter((name) => options[name] !== undefined);
  const [only] = given;
  if (only !== undefined && given.length === 1) return only;
  const got = given.length === 0 ? "none" : given.join(" and ");
  throw new TypeError(`redis options: expected one of ${places.join(", ")}, got ${got}`);
}

/** Options that say the same as something else that is given, or that this place does not have. */
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
  // A password that is no text must not be quoted.
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

/** What the URL says of the access, where there is one; what is given beside it comes first. */
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

/** @throws {TypeError} for a name that is no option, a value that can't be used, or options that contradict each other. */
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
