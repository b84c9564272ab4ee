import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fromFetch } from "@ws/server";
import { build } from "esbuild";

const page = new URL("page/", import.meta.url);

// The page's script is bundled when the application is loaded: with --reload, whenever a file is saved.
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("page.ts", page))],
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: process.env["NODE_ENV"] === "production",
  write: false,
});
const script = outputFiles[0]?.text ?? "";

/** What answers every request that opens no WebSocket. */
export const pages = fromFetch(async (request) => {
  switch (new URL(request.url).pathname) {
    case "/":
      return answer("text/html", await readFile(new URL("index.html", page), "utf8"));
    case "/page.js":
      return answer("text/javascript", script);
    default:
      return new Response("Not found", { status: 404 });
  }
});

function answer(type: string, body: string): Response {
  return new Response(body, {
    headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "no-cache" },
  });
}
