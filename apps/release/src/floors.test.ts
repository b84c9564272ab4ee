import { dirname, join, normalize } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { manifestOf, packageNames, sourcesOf } from "./workspace.fixture.js";

/** What each package may import at run time or in types; arrows point down only. See docs/architecture.md. */
const floors: Readonly<Record<(typeof packageNames)[number], readonly string[]>> = {
  events: ["zod"],
  contract: ["@standard-schema/spec", "@ws/events"],
  client: ["@ws/contract"],
  react: ["@ws/client", "@ws/contract", "react"],
  protocol: ["@ws/events"],
  connection: ["@ws/contract", "@ws/events", "cookie"],
  router: ["@ws/connection", "@ws/contract", "@ws/events"],
  middleware: ["@ws/connection", "@ws/contract", "@ws/events", "@ws/router"],
  broadcast: [
    "@nats-io/jetstream",
    "@nats-io/transport-node",
    "@redis/client",
    "@ws/connection",
    "@ws/contract",
    "@ws/events",
  ],
  service: ["@ws/connection", "@ws/contract", "@ws/events", "@ws/router"],
  server: ["@ws/events", "@ws/protocol"],
  testing: ["@ws/client", "@ws/contract", "@ws/events", "@ws/server", "ws"],
  serve: ["@ws/events", "@ws/server", "chokidar"],
  "create-ws-app": [],
  asyncapi: ["@ws/contract", "@ws/router"],
};

/** The files that alone may import a library, so that it can be exchanged in one place. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  zod: ["events/schemas.ts"],
  ws: ["testing/client/client.ts"],
  "@redis/client": ["broadcast/engines/redis/connect/client.ts"],
};

/** The packages that a source imports, less Node's own. */
function importsOf(source: string): string[] {
  const specifiers = [...source.matchAll(/(?:from|import)\s*\(?\s*"([@a-z][^",\s]*)"/g)].map(([, name]) =>
    String(name),
  );
  const names = specifiers.filter((name) => !name.startsWith("node:"));
  return names.map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}

describe.each(packageNames)("@ws/%s", (name) => {
  test("imports the floors below it and nothing else", async () => {
    const sources = await sourcesOf(name);
    const imports = new Set([...sources.values()].flatMap(importsOf));
    expect([...imports].sort()).toEqual([...floors[name]].sort());
  });

  test("declares what it imports, and nothing that it doesn't", async () => {
    const { dependencies = {}, peerDependencies = {} } = await manifestOf(name);
    expect(Object.keys({ ...dependencies, ...peerDependencies }).sort()).toEqual([...floors[name]].sort());
  });
});

test.each(Object.entries(onlyIn))("%s is imported by %s alone", async (library, files) => {
  const users: string[] = [];
  for (const name of packageNames) {
    for (const [path, source] of await sourcesOf(name)) {
      if (importsOf(source).includes(library)) users.push(`${name}/${path}`);
    }
  }
  expect(users).toEqual(files);
});

test.each(["events", "contract", "client", "connection", "router"])(
  "@ws/%s runs without Node",
  async (name) => {
    const sources = await sourcesOf(name);
    const isNode = (source: string): boolean => /"node:|\bBuffer\b|\bprocess\./.test(withoutComments(source));
    const users = [...sources].filter(([, source]) => isNode(source));
    expect(users.map(([path]) => path)).toEqual([]);
  },
);

/** The rooms of a package, each of which imports itself and those before it; the doors on top come last. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  serve: ["options", "application", "logging", "load", "reload", "parent", "worker", "command", ""],
  protocol: ["frame", "decode", "handshake", ""],
  client: ["link", "channel", ""],
  // The engines see the port alone; how they are told apart from topics and receivers is said below.
  broadcast: [
    "engine",
    "conformance",
    "engines",
    "receivers",
    "members",
    "processes",
    "schema",
    "local",
    "topic",
    "",
  ],
  events: ["errors", "model", "request", "rules", ""],
  router: ["pattern", "route", "match", ""],
  middleware: [
    "platform",
    "options",
    "composing",
    "answering",
    "counting",
    "auth",
    "log",
    "lifespan",
    "adapter",
    "",
  ],
  service: ["wire", "requests", "topics", "channel", "connection", ""],
  testing: ["driver", "transports", "network", "client", "stub", "conformance", "wire", "wire-clients", ""],
  server: [
    "session",
    "platform",
    "logging",
    "options",
    "proxies",
    "http",
    "writing",
    "compression",
    "socket",
    "gateway",
    "listening",
    "",
  ],
};

/** The files of a package that each of its files imports, types included. */
async function fileImports(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const sources = await sourcesOf(name);
  const imports = [...sources].map(([path, source]) => {
    const specifiers = [...source.matchAll(/(?:from |import\()"(\.[^"]*)\.js"/g)].map(([, specifier]) =>
      String(specifier),
    );
    return [path, specifiers.map((specifier) => `${normalize(join(dirname(path), specifier))}.ts`)] as const;
  });
  return new Map(imports);
}

function roomOf(path: string): string {
  return path.includes("/") ? String(path.split("/")[0]) : "";
}

describe.each(Object.entries(rooms))("the rooms of @ws/%s", (name, order) => {
  test("are all named, and import none behind them", async () => {
    const imports = await fileImports(name);
    expect([...new Set([...imports.keys()].map(roomOf))].sort()).toEqual([...order].sort());
    const wrong = [...imports].flatMap(([path, targets]) =>
      targets
        .filter((target) => order.indexOf(roomOf(target)) > order.indexOf(roomOf(path)))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

test("only the doors of @ws/broadcast import an engine, and none imports another", async () => {
  const imports = await fileImports("broadcast");
  const engineOf = (path: string): string => path.split("/").slice(0, 2).join("/");
  const wrong = [...imports].flatMap(([path, targets]) =>
    targets
      .filter((target) => roomOf(target) === "engines" && roomOf(path) !== "")
      .filter((target) => engineOf(target) !== engineOf(path))
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

/** A way from a file back to itself by its imports; `undefined` where there is none. */
function circle(imports: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const follow = (path: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(path)) return [...way, path];
    if (done.has(path)) return undefined;
    for (const target of imports.get(path) ?? []) {
      const found = follow(target, [...way, path]);
      if (found !== undefined) return found;
    }
    done.add(path);
    return undefined;
  };
  for (const path of imports.keys()) {
    const found = follow(path, []);
    if (found !== undefined) return found;
  }
  return undefined;
}

test("a circle of imports is found", () => {
  const ways = (...pairs: [string, string[]][]): Map<string, string[]> => new Map(pairs);
  expect(circle(ways(["a", ["b"]], ["b", ["c"]], ["c", ["b"]]))).toEqual(["a", "b", "c", "b"]);
  expect(circle(ways(["a", ["b", "c"]], ["b", ["c"]], ["c", []]))).toBeUndefined();
});

test.each(packageNames)(
  "no two files of @ws/%s import each other, not even by way of others",
  async (name) => {
    expect(circle(await fileImports(name))).toBeUndefined();
  },
);

/** The folders that each folder imports, the top one included. */
function folderImports(imports: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const [path, targets] of imports) {
    const folder = dirname(path);
    const others = targets.map((target) => dirname(target)).filter((target) => target !== folder);
    folders.set(folder, [...(folders.get(folder) ?? []), ...others]);
  }
  return folders;
}

test.each(packageNames)(
  "no two folders of @ws/%s import each other, not even by way of others",
  async (name) => {
    expect(circle(folderImports(await fileImports(name)))).toBeUndefined();
  },
);

/** More than this side by side is not read at a glance. */
const mostFiles = 15;

test.each(packageNames)("no folder of @ws/%s has more than 15 sources side by side", async (name) => {
  const counts = new Map<string, number>();
  for (const path of (await sourcesOf(name)).keys()) {
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count > mostFiles)).toEqual([]);
});
