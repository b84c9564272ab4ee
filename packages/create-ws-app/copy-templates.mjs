// Copies the examples that are templates to where the package has them: `node copy-templates.mjs [folder]`, as part of its build.
// So a template is the very files that `npm run examples` tests.
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The first is the one that is made where none is named. */
const names = ["chat", "echo"];

const root = fileURLToPath(new URL("../..", import.meta.url));
const target = process.argv[2] ?? fileURLToPath(new URL("templates", import.meta.url));
const versions = new Map(
  readdirSync(join(root, "packages")).map((folder) => {
    const { name, version } = readManifest(join(root, "packages", folder));
    return [name, version];
  }),
);

rmSync(target, { recursive: true, force: true });
for (const name of names) {
  const template = join(target, name);
  cpSync(join(root, "examples", name), template, {
    recursive: true,
    filter: (path) => !/node_modules|reports|package-lock/.test(path.slice(root.length)),
  });
  // npm takes no file of that name into a tarball; `createApp` gives it its name back.
  renameSync(join(template, ".gitignore"), join(template, "_gitignore"));
  const manifest = readManifest(template);
  for (const listed of [manifest.dependencies, manifest.devDependencies]) {
    for (const each of Object.keys(listed)) if (versions.has(each)) listed[each] = `^${versions.get(each)}`;
  }
  writeFileSync(join(template, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}
writeFileSync(join(target, "order.json"), `${JSON.stringify(names)}\n`);

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
