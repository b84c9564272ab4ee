import { fromNode, handleSignals, serve } from "@ws/server";
import sirv from "sirv";
import { buildSite } from "./build-site.js";
import { site } from "./places.js";

/** `npm run docs`: builds the site and serves it; with `--build-only` it ends when the site is built. */
await buildSite();
if (!process.argv.includes("--build-only")) {
  const pages = sirv(site, { extensions: ["html"], etag: true });
  const server = await serve(
    fromNode((request, response) => pages(request, response)),
    {
      port: Number(process.env["PORT"] ?? 8080),
    },
  );
  handleSignals(server);
  process.stdout.write(`Open ${server.url}\n`);
}
