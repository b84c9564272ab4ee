import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root: string = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
/** The folder of the pages. Those in `api` and `packages` are written before each build and are not in the repository. */
export const pages: string = join(root, "docs");
/** The folder of the site that was built. */
export const site: string = join(root, "apps/docs/dist");

interface RootManifest {
  readonly repository: { readonly url: string };
}

/** Where the repository is in a browser. */
export const repository: string = readRepository();

function readRepository(): string {
  const manifest: RootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return manifest.repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}
