import { describe, expect, test } from "vitest";
import { type RedisOptions, resolveRedisOptions } from "./options.js";

const url = "redis://127.0.0.1:6379";

test("a URL is enough", () => {
  expect(resolveRedisOptions({ url })).toEqual({
    place: { kind: "server", url },
    access: { database: 0 },
    prefix: "ws",
    connectTimeout: 5_000,
    pingInterval: 5_000,
    secrets: [],
  });
});

test.each(["redis://h", "rediss://user:secret@h:1/3", "redis://h/0", "redis://:p%40ss@[::1]:6379"])(
  "%s is a URL",
  (given) => expect(resolveRedisOptions({ url: given }).place).toEqual({ kind: "server", url: given }),
);

test.each([
  "",
  "localhost:6379",
  "http://u:secret@h",
  "redis://u:secret@h/name",
  "redis://u:secret%@h",
  "redis://%zz:secret@h",
])("what is no URL of Redis is refused, and not quoted: %s", (given) => {
  const resolve = (): unknown => resolveRedisOptions({ url: given });
  expect(resolve).toThrow(TypeError);
  expect(resolve).toThrow(/^redis options\.url: expected "redis:.*percent-encoded/);
  expect(resolve).not.toThrow(/secret/);
});

test("the password is known as it stands in the URL and as it is sent", () => {
  expect(resolveRedisOptions({ url: "redis://u:p%40ss@h" }).secrets).toEqual(["p%40ss", "p@ss"]);
});

test("a name that is no option is refused", () => {
  const options = { url, timeout: 1 } as RedisOptions;
  expect(() => resolveRedisOptions(options)).toThrow(
    /^redis options: expected url, sentinel, cluster, client, .*pingInterval, got timeout$/,
  );
});

test.each([
  ["", '""'],
  ["a b", '"a b"'],
  ["a{b}", '"a{b}"'],
  ["x".repeat(65), "xxx"],
])("a prefix that can't stand in a key is refused: %s", (prefix, got) => {
  expect(() => resolveRedisOptions({ url, prefix })).toThrow(/^redis options\.prefix: expected 1 to 64 of/);
  expect(() => resolveRedisOptions({ url, prefix })).toThrow(got);
});

test.each(["connectTimeout", "pingInterval"])("%s is milliseconds from 1 to 60,000", (name) => {
  for (const value of [1, 60_000]) {
    expect(resolveRedisOptions({ url, [name]: value })).toMatchObject({ [name]: value });
  }
  for (const value of [0, 60_001, Number.NaN, "5"]) {
    expect(() => resolveRedisOptions({ url, [name]: value })).toThrow(
      `redis options.${name}: expected milliseconds from 1 to 60000, got ${value}`,
    );
  }
});

test("an option that is undefined counts as not given", () => {
  expect(resolveRedisOptions({ url, prefix: undefined, pingInterval: undefined })).toMatchObject({
    prefix: "ws",
    pingInterval: 5_000,
  });
});

const nodes = ["10.0.0.1:26379", "[::1]:26379"];
const addresses = [
  { host: "10.0.0.1", port: 26379 },
  { host: "::1", port: 26379 },
];

describe("where Redis is", () => {
  test("is said by sentinels, with an access of their own", () => {
    const tls = { ca: "x" };
    const given = { sentinel: { name: "topics", nodes }, username: "ann", password: "p", tls, database: 3 };
    expect(resolveRedisOptions(given)).toMatchObject({
      place: { kind: "sentinel", name: "topics", nodes: addresses, access: { tls, database: 0 } },
      access: { username: "ann", password: "p", tls, database: 3 },
      secrets: ["p"],
    });
    const own = { name: "topics", nodes, username: "eve", password: "q", tls: false } as const;
    expect(resolveRedisOptions({ ...given, sentinel: own })).toMatchObject({
      place: { access: { username: "eve", password: "q", tls: undefined } },
      secrets: ["p", "q"],
    });
  });

  test("is said by some nodes of a cluster", () => {
    expect(resolveRedisOptions({ cluster: { nodes } }).place).toEqual({ kind: "cluster", nodes: addresses });
  });

  test("is said by a client of the application, and its password is known", () => {
    const client = { options: { password: "p", database: 2 }, duplicate: () => client };
    expect(resolveRedisOptions({ client })).toMatchObject({
      place: { kind: "client", client },
      secrets: ["p"],
    });
    const plain = { options: {}, duplicate: () => plain };
    expect(resolveRedisOptions({ client: plain }).secrets).toEqual([]);
    const cluster = { masters: [], nodeClient: async () => plain };
    const nodeAddressMap = {};
    expect(resolveRedisOptions({ client: cluster, nodeAddressMap })).toMatchObject({
      nodeAddressMap,
      secrets: [],
    });
  });
});

test("what stands beside the URL comes before what stands in it", () => {
  const given = { url: "rediss://u:secret@h:1/3", username: "ann", password: "p" };
  expect(resolveRedisOptions(given)).toMatchObject({
    access: { username: "ann", password: "p", tls: {}, database: 3 },
    secrets: ["secret", "p"],
  });
  const credentialsProvider = { type: "async-credentials-provider", credentials: async () => ({}) } as const;
  const { access } = resolveRedisOptions({ url: given.url, credentialsProvider, tls: { ca: "x" } });
  expect(access).toEqual({ credentialsProvider, tls: { ca: "x" }, database: 3 });
  expect(resolveRedisOptions({ url: "redis://u%40:p%40@h" }).access).toMatchObject({
    username: "u@",
    password: "p@",
  });
});

test.each<readonly [options: object, message: string | RegExp]>([
  [{}, "redis options: expected one of url, sentinel, cluster, client, got none"],
  [
    { url, cluster: { nodes } },
    "redis options: expected one of url, sentinel, cluster, client, got url and cluster",
  ],
  [
    { url, database: 1 },
    /^redis options\.database: expected none with url, got one\. The database is the last part/,
  ],
  [{ cluster: { nodes }, database: 1 }, /^redis options\.database: expected none with cluster/],
  [{ url, nodeAddressMap: {} }, /^redis options\.nodeAddressMap: expected none with url/],
  [
    { client: { options: {}, duplicate: 1 }, password: "secret" },
    /^redis options\.password: expected none with client/,
  ],
  [
    { client: { options: {}, duplicate: 1 }, nodeAddressMap: {} },
    /^redis options\.nodeAddressMap: expected none/,
  ],
  [
    { url, credentialsProvider: {}, password: "secret" },
    /^redis options\.password: expected none with url, .*gives both/,
  ],
  [{ url, username: 7 }, "redis options.username: expected a text, got 7"],
  [{ url, password: 7 }, "redis options.password: expected a text, got number"],
  [{ url, tls: true }, "redis options.tls: expected the options of node:tls, or {}, got true"],
  [{ url, tls: null }, "redis options.tls: expected the options of node:tls, or {}, got null"],
  [
    { sentinel: { name: "x", nodes }, database: -1 },
    "redis options.database: expected a whole number from 0, got -1",
  ],
  [
    { sentinel: { name: "x", nodes: [] } },
    /^redis options\.sentinel\.nodes: expected at least one "host:port"/,
  ],
  [
    { cluster: { nodes: "h:1" } },
    /^redis options\.cluster\.nodes: expected at least one "host:port" in an array, got h:1/,
  ],
  [{ cluster: { nodes: ["h"] } }, /^redis options\.cluster\.nodes: expected "host:port"/],
  [{ cluster: { rootNodes: [] } }, "redis options.cluster: expected nodes, got rootNodes"],
  [{ sentinel: { name: "", nodes } }, /^redis options\.sentinel\.name: expected the name of a primary/],
  [{ sentinel: { name: 7, nodes } }, /^redis options\.sentinel\.name: expected the name of a primary/],
  [
    { sentinel: { nodes, sentinels: [] } },
    /^redis options\.sentinel: expected name, nodes, .*, got sentinels$/,
  ],
  [
    { client: { duplicate: 1 } },
    /^redis options\.client: expected a client of createClient .*createSentinel/,
  ],
  [{ client: { execute: 1 } }, /^redis options\.client: .*createClientPool/],
  [{ client: { url } }, /^redis options\.client: .*options in place of a client/],
  [{ client: null }, /^redis options\.client: .*options in place of a client/],
])("options that can't be used together, or at all, are refused: %j", (options, message) => {
  const resolve = (): unknown => resolveRedisOptions(options as RedisOptions);
  expect(resolve).toThrow(TypeError);
  expect(resolve).toThrow(message);
  expect(resolve).not.toThrow(/secret/);
});
