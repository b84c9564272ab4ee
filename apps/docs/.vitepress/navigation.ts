import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { pages, root } from "../src/places.js";

type Item = DefaultTheme.SidebarItem;

/** A page by its path, called by the heading that it begins with. */
function page(path: string, text: string = headingOf(path)): Item {
  return { text, link: `/${path}` };
}

function headingOf(path: string): string {
  const heading = /^# (.*)$/m.exec(readFileSync(join(pages, `${path}.md`), "utf8"))?.[1] ?? path;
  return heading.replaceAll("`", "").replace(/^(\d{4}) · /, "$1 ");
}

function group(text: string, items: readonly Item[], collapsed?: boolean): Item {
  return { text, items: [...items], ...(collapsed !== undefined && { collapsed }) };
}

/** The sidebar less the pages whose link matches, and the groups that have none left. */
export function withoutLinks(items: readonly Item[], link: RegExp): Item[] {
  return items
    .filter((item) => !link.test(item.link ?? ""))
    .map((item) => (item.items === undefined ? item : { ...item, items: withoutLinks(item.items, link) }))
    .filter((item) => item.items?.length !== 0);
}

const packages = readdirSync(join(root, "packages")).sort();
const decisions = readdirSync(join(pages, "decisions")).filter((name) => /^\d{4}/.test(name));
/** The documents that lie on top, those that a reader begins with first. */
const first = ["contract", "asgi", "broadcast", "client", "wire"];
const promises = readdirSync(pages)
  .filter((name) => name.endsWith(".md") && name !== "index.md")
  .map((name) => name.slice(0, -3))
  .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));

function rank(name: string): number {
  return first.includes(name) ? first.indexOf(name) : first.length;
}

const modules = readdirSync(join(pages, "api"), { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".md") && path !== "index.md")
  .map((path) => path.slice(0, -3))
  .sort();

export const sidebar: Item[] = [
  group("Start here", [
    page("start/why", "What it is, what it is not"),
    page("tutorial/echo", "1 · An echo"),
    page("tutorial/chat", "2 · A chat"),
    page("tutorial/sign-in", "3 · Sign-in"),
    page("tutorial/deploy", "4 · Deploy"),
  ]),
  group("Guides", [
    page("guides/connections"),
    page("guides/routes"),
    page("guides/middleware"),
    page("guides/auth"),
    page("guides/backpressure"),
    page("guides/broadcast"),
    page("guides/client"),
    page("guides/errors"),
    page("guides/testing"),
    page("guides/observability"),
    page("guides/scaling"),
    page("guides/frameworks"),
    page("guides/asyncapi"),
  ]),
  group("Deployment", [
    page("deploy/overview"),
    page("deploy/ws-serve"),
    page("deploy/proxies"),
    page("deploy/containers"),
    page("deploy/systemd"),
    page("deploy/clouds"),
  ]),
  group("Coming from", [
    page("migrate/ws"),
    page("migrate/socket-io"),
    page("migrate/trpc"),
    page("migrate/python"),
  ]),
  group("Reference", [
    page("reference/options", "Options"),
    page("reference/close-codes"),
    page("reference/errors"),
    page("reference/support"),
    group(
      "Packages",
      packages.map((name) => ({ text: `@ws/${name}`, link: `/packages/${name}` })),
      true,
    ),
    group(
      "Every export",
      modules.map((path) => ({ text: path, link: `/api/${path}` })),
      true,
    ),
  ]),
  group(
    "The promises, and how it is built",
    [
      ...promises.map((name) => page(name)),
      group(
        "Decisions",
        decisions.map((name) => page(`decisions/${name.slice(0, -3)}`)),
        true,
      ),
    ],
    true,
  ),
];

export const nav: DefaultTheme.NavItem[] = [
  { text: "Tutorial", link: "/tutorial/echo", activeMatch: "^/tutorial/" },
  { text: "Guides", link: "/guides/connections", activeMatch: "^/guides/" },
  { text: "Deploy", link: "/deploy/overview", activeMatch: "^/deploy/" },
  { text: "Reference", link: "/reference/options", activeMatch: "^/(reference|api|packages)/" },
];
