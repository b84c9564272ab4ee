import { dirname, join, relative } from "node:path";
import { pages, repository, root } from "./places.js";

/** What this module uses of markdown-it. */
interface Token {
  readonly type: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}
interface State {
  readonly tokens: readonly Token[];
  readonly env: { readonly path?: string };
}
interface Markdown {
  readonly core: { readonly ruler: { push(name: string, rule: (state: State) => void): void } };
}

/**
 * Where a link leads on the site. The same Markdown is read in the repository and by npm, so a link there names a file
 * or an address of the repository: what is a page of the site becomes that page, and any other file its address.
 */
export function linkOnSite(href: string, page: string): string {
  const file = fileOf(href, page);
  if (file === undefined) return href;
  const [path = "", anchor] = file.split("#");
  const fragment = anchor === undefined || anchor === "readme" ? "" : `#${anchor}`;
  const readme = /^packages\/([\w-]+)(?:\/README\.md)?$/.exec(path);
  if (readme !== null) return `/packages/${readme[1]}${fragment}`;
  if (path.startsWith("docs/") && path.endsWith(".md")) return `/${path.slice(5, -3)}${fragment}`;
  const kind = /\.\w+$/.test(path) ? "blob" : "tree";
  return `${repository}/${kind}/main/${path}${fragment}`;
}

/** The file of the repository that a link names, relative to its root; `undefined` where it names no file of it. */
function fileOf(href: string, page: string): string | undefined {
  const address = /^(?:tree|blob)\/main\/(.*)$/.exec(href.slice(repository.length + 1));
  if (href.startsWith(repository)) return address?.[1];
  if (/^(?:[a-z]+:|\/|#)/i.test(href)) return undefined;
  const path = join(dirname(page), href);
  const isBetweenPages = path.startsWith(`${pages}/`) && page.startsWith(`${pages}/`);
  return isBetweenPages ? undefined : relative(root, path);
}

/** A plugin for markdown-it that leads links as `linkOnSite` says, before VitePress looks for dead ones. */
export function pageLinks(md: Markdown): void {
  md.core.ruler.push("page-links", ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href !== null) token.attrSet("href", linkOnSite(href, env.path ?? join(pages, "index.md")));
    }
  });
}
