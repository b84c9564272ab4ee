import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pages, root } from "../places.js";
import { type Snippet, snippetsOf } from "./snippet.js";

/** Every page that users read, relative to the repository: the READMEs, and the site's less what is generated. */
export function writtenPages(): readonly string[] {
  const readmes = readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`);
  const written = readdirSync(pages, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md") && !/^(api|packages)\/|^reference\/options\.md/.test(path))
    .map((path) => `docs/${path}`);
  return ["README.md", ...readmes, ...written].sort();
}

/** The examples of a page of the repository. */
export function snippetsIn(page: string): readonly Snippet[] {
  return snippetsOf(page, readFileSync(join(root, page), "utf8"));
}
