import { join } from "node:path";
import { writeReference } from "@ws/reference";
import { build } from "vitepress";
import { pages, repository, root } from "./places.js";
import { writePackages } from "./write-packages.js";

/** Writes the generated pages, then builds the site. Rejects where a link is dead or the source can't be read. */
export async function buildSite(): Promise<void> {
  await writePackages();
  const optionsFile = join(pages, "reference/options.md");
  await writeReference({ root, folder: join(pages, "api"), optionsFile, repository });
  await build(join(root, "apps/docs"));
}
