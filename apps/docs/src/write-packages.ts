import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pages, repository, root } from "./places.js";

/** Writes a page of each package's README; its links are led as those of a README, which npm shows as well. */
export async function writePackages(): Promise<void> {
  const folder = join(pages, "packages");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(join(root, "packages"))) {
    const readme = join(root, "packages", name, "README.md");
    if (!existsSync(readme)) continue;
    await writeFile(join(folder, `${name}.md`), pageOf(await readFile(readme, "utf8")));
  }
}

/** Its table of links begins with the address of the repository wherever npm could not follow a relative one. */
function pageOf(readme: string): string {
  const absolute = readme.replaceAll(/\]\((\.\.?\/[^)]+)\)/g, `](${repository}/blob/main/packages/$1)`);
  return `---\neditLink: false\n---\n\n${absolute}`;
}
