import { describe, expect, test } from "vitest";
import { manifestOf, packageNames, sourcesOf } from "./workspace.fixture.js";

/** What each package may import at run time or in types; arrows point down only. See docs/architecture.md. */
const floors: Readonly<Record<(typeof packageNames)[number], readonly string[]>> = {
  events: ["zod"],
  connection: ["@standard-schema/spec", "@ws/events", "cookie"],
  router: ["@ws/connection", "@ws/events"],
  middleware: ["@ws/connection", "@ws/events", "@ws/router"],
  broadcast: [
    "@nats-io/jetstream",
    "@nats-io/transport-node",
    "@redis/client",
    "@ws/connection",
    "@ws/events",
  ],
  server: ["@ws/events", "ws"],
  testing: ["@ws/events", "@ws/server", "ws"],
};

/** What a library that is imported takes up by itself where it is installed. */
const takenUp: Readonly<Record<string, readonly string[]>> = { server: ["bufferutil"] };

/** The files that alone may import a library, so that it can be exchanged in one place. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  zod: ["events/schemas.ts"],
  ws: ["server/ws-socket.ts", "testing/client.ts"],
  "@redis/client": ["broadcast/redis-connection.ts"],
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
    expect(Object.keys({ ...dependencies, ...peerDependencies }).sort()).toEqual(
      [...floors[name], ...(takenUp[name] ?? [])].sort(),
    );
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

test.each(["events", "connection", "router"])("@ws/%s runs without Node", async (name) => {
  const sources = await sourcesOf(name);
  const isNode = (source: string): boolean => /"node:|\bBuffer\b|\bprocess\./.test(withoutComments(source));
  const users = [...sources].filter(([, source]) => isNode(source));
  expect(users.map(([path]) => path)).toEqual([]);
});
