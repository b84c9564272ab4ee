import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Registry, startRegistry } from "./registry.fixture.js";
import { scratchClone } from "./scratch-clone.fixture.js";
import { type Manifest, packageNames, run } from "./workspace.fixture.js";

// A whole release, as the workflow runs it, into a registry of the test's own: versions, CHANGELOGs, tarballs, tags.

let folder = "";
let clone = "";
let registry: Registry;

async function read(path: string): Promise<string> {
  return await readFile(join(clone, path), "utf8");
}

async function manifestOf(name: string): Promise<Manifest> {
  return JSON.parse(await read(`packages/${name}/package.json`));
}

/** The root's script that publishes, led to the test's registry; what it needs of a token is there. */
async function publish(): Promise<string> {
  const port = new URL(registry.url).host;
  await writeFile(join(clone, ".npmrc"), `registry=${registry.url}\n//${port}/:_authToken=none\n`);
  return await run("pnpm", ["run", "publish-new", "--registry", registry.url], clone);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ws-releasing-"));
  registry = await startRegistry();
  clone = await scratchClone(folder);
  // A change that users can see, so that there is something to release whatever the last release took along.
  await writeFile(
    join(clone, ".changeset/planted-change.md"),
    '---\n"@ws/events": minor\n---\n\nA planted change,\nof two lines.\n',
  );
  await run("pnpm", ["run", "version"], clone);
  await run("pnpm", ["exec", "turbo", "run", "build", "--output-logs=errors-only"], clone);
  await publish();
}, 600_000);

afterAll(async () => {
  registry.close();
  await rm(folder, { recursive: true });
});

test("every changeset is taken into a version, which is one for all packages", async () => {
  expect((await readdir(join(clone, ".changeset"))).filter((file) => file.endsWith(".md"))).toEqual([]);
  const versions = await Promise.all(packageNames.map(async (name) => (await manifestOf(name)).version));
  expect(new Set(versions).size).toBe(1);
  expect(versions[0]).toMatch(/^\d+\.\d+\.0$/);
  expect(await run("git", ["status", "--short", "apps"], clone)).toBe("");
});

test("a CHANGELOG says in the changeset's words what is new, under its version, and nothing of who depends on whom", async () => {
  const { version } = await manifestOf("events");
  const changelog = await read("packages/events/CHANGELOG.md");
  expect(changelog).toMatch(new RegExp(`^# @ws/events\n\n## ${version}\n`));
  expect(changelog).toContain("\n- A planted change,\n  of two lines.\n");
  for (const name of packageNames) {
    expect(await read(`packages/${name}/CHANGELOG.md`)).not.toMatch(/Updated dependencies|^- [0-9a-f]{7}: /m);
  }
});

test("each package is published once, publicly, behind those that it needs", async () => {
  const manifests = await Promise.all(packageNames.map(manifestOf));
  const names = registry.published.map(({ name }) => name);
  expect([...names].sort()).toEqual(manifests.map(({ name }) => name).sort());
  expect(new Set(registry.published.map(({ access }) => access))).toEqual(new Set(["public"]));
  for (const { name, manifest } of registry.published) {
    const needed = Object.keys({ ...(manifest["dependencies"] as object) }).filter((each) =>
      names.includes(each),
    );
    for (const each of needed)
      expect(names.indexOf(each), `${each}, for ${name}`).toBeLessThan(names.indexOf(name));
  }
});

describe.each(packageNames)("what is published of %s", (folderName) => {
  test("has this version, names its neighbours by it, and says where it comes from and what is new", async () => {
    const { name, version, repository, homepage, bugs } = await manifestOf(folderName);
    const published = registry.published.find((each) => each.name === name);
    const files = published?.files ?? new Map<string, string>();
    const manifest = JSON.parse(files.get("package.json") ?? "{}");
    expect({ ...manifest }).toMatchObject({ name, version, repository, homepage, bugs });
    const needed = Object.entries<string>({ ...manifest.dependencies, ...manifest.peerDependencies });
    for (const [each, range] of needed.filter(([other]) => other.startsWith("@ws/"))) {
      expect([each, range]).toEqual([each, `^${version}`]);
    }
    expect(files.get("CHANGELOG.md")).toContain(`\n## ${version}\n`);
    expect(files.has("LICENSE") && files.has("README.md") && files.has("dist/index.js")).toBe(true);
  });
});

test("the starter makes applications of this version", async () => {
  const { version } = await manifestOf("server");
  const { files } = registry.published.find(({ name }) => name === "create-ws-app") ?? {};
  const { dependencies } = JSON.parse(files?.get("templates/chat/package.json") ?? "{}");
  expect(dependencies["@ws/server"]).toBe(`^${version}`);
  expect(files?.has("templates/chat/_gitignore")).toBe(true);
});

test("what the registry has already is not published again, and each package has its tag once", async () => {
  const before = registry.published.length;
  await publish();
  expect(registry.published).toHaveLength(before);
  await run("pnpm", ["exec", "changeset", "tag"], clone);
  await run("pnpm", ["exec", "changeset", "tag"], clone);
  const tags = (await run("git", ["tag"], clone)).trim().split("\n");
  const manifests = await Promise.all(packageNames.map(manifestOf));
  expect(tags.sort()).toEqual(manifests.map(({ name, version }) => `${name}@${version}`).sort());
});
