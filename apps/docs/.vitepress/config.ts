import type { DefaultTheme, UserConfig } from "vitepress";
import llmstxt from "vitepress-plugin-llms";
import { diagrams } from "../src/diagrams.js";
import { fileNames } from "../src/file-names.js";
import { pageLinks } from "../src/page-links.js";
import { pages, repository, site } from "../src/places.js";
import { nav, sidebar, withoutLinks } from "./navigation.js";

const description =
  "The ASGI WebSocket model, in TypeScript: servers, routes, middleware, broadcast and tests.";

const config: UserConfig<DefaultTheme.Config> = {
  title: "@ws",
  description,
  lang: "en",
  srcDir: pages,
  outDir: site,
  cleanUrls: true,
  lastUpdated: false,
  // What speaks of the pages to their writers, and what is in the repository alone.
  srcExclude: ["**/*.part.md"],
  head: [
    ["link", { rel: "icon", href: "/icon.svg", type: "image/svg+xml" }],
    ["meta", { name: "theme-color", content: "#0d3b3e" }],
  ],
  markdown: {
    config: (md) => md.use(pageLinks).use(fileNames).use(diagrams),
    theme: { light: "github-light-high-contrast", dark: "github-dark-dimmed" },
    // A shell prompt or a proxy's file that shiki has no grammar for is shown as it is.
    languageAlias: { caddyfile: "nginx", haproxy: "nginx", env: "ini" },
  },
  themeConfig: {
    nav,
    sidebar,
    outline: { level: [2, 3] },
    search: { provider: "local", options: { detailedView: true } },
    socialLinks: [{ icon: "git", link: repository, ariaLabel: "The repository" }],
    editLink: { pattern: `${repository}/blob/main/docs/:path`, text: "This page's source" },
    docFooter: { prev: "Before this", next: "Read on" },
    footer: { message: "MIT licensed. The examples of this site are compiled and run by tests." },
  },
  vite: {
    publicDir: new URL("../public", import.meta.url).pathname,
    plugins: [
      llmstxt({
        ignoreFiles: ["api/**", "faults.md"],
        // A link to a page that is ignored would be warned of, one line each.
        sidebar: withoutLinks(sidebar, /^\/(api\/|faults$)/),
        injectLLMHint: false,
      }),
    ],
    build: { chunkSizeWarningLimit: 2_000 },
  },
};

export default config;
