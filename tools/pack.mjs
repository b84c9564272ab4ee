// Makes a tarball of each package and prints how to install them: the way to have them before they are released.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "tarballs");
rmSync(folder, { recursive: true, force: true });
// `npm run pack` has just built what goes into them.
const pack = [
  "-r",
  "--filter",
  "./packages/*",
  "pack",
  "--config.ignore-scripts=true",
  "--pack-destination",
  folder,
];
// pnpm names each of a thousand files: that is told where it fails, and else the lines to copy are.
const { status, stdout, stderr, error } = spawnSync("pnpm", pack, {
  cwd: root,
  encoding: "utf8",
  maxBuffer: 64 * 2 ** 20,
});
if (status !== 0) throw new Error(`pnpm pack failed\n${stdout}${stderr}`, { cause: error });
const tarballs = readdirSync(folder).map((file) => JSON.stringify(join(folder, file)));
// What begins a project is run, and not installed.
const isStarter = (path) => path.includes("create-ws-app-");
process.stdout.write(`
To begin a project, in place of "npm create ws-app my-app":

npx --yes --package ${tarballs.find(isStarter)} create-ws-app my-app

In that, or in a project of your own:

npm install ${tarballs.filter((path) => !isStarter(path)).join(" ")}
`);
