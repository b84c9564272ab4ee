import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { manifestOf, root, run } from "./workspace.fixture.js";

/**
 * Packs every package into `folder`, as it would be published; gives the paths of the tarballs.
 *
 * `dist` was built before the tests began, so `prepack` does not build it again: two files of tests pack at the same
 * time, and one of them would put a file into its tarball that the other is about to write.
 */
export async function packAll(folder: string): Promise<readonly string[]> {
  const pack = ["pack", "--config.ignore-scripts=true", "--pack-destination", folder];
  await run("pnpm", ["-r", "--filter", "./packages/*", ...pack], root);
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith(".tgz")).map((file) => join(folder, file));
}

/** Where `packAll` puts the tarball of a package. */
export async function tarballOf(folder: string, name: string): Promise<string> {
  const { name: fullName, version } = await manifestOf(name);
  return join(folder, `${fullName.replace("@", "").replace("/", "-")}-${version}.tgz`);
}
