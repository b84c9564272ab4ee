import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const plainText = "text/plain; charset=utf-8";

/** What of the page is served as it is, by file name extension. Its modules are not: they are bundled. */
const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** `connect-src 'self'` is the page's own host by http and by WebSocket: Content Security Policy 3, §6.7.2.8. */
const policy: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

/** The two `Cross-Origin-…` policies isolate the page, which makes its clock fine enough for round trips. */
const security: Readonly<Record<string, string>> = {
  "content-security-policy": policy,
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

interface Asset {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

/** The source that runs behind each panel, shown beside it. */
const sources: Readonly<Record<string, string>> = {
  "/source/echo.ts": "views/echo.ts",
  "/source/application.ts": "application.ts",
  "/source/chat.ts": "chat/chat.ts",
  "/source/contract.ts": "chat/contract.ts",
  "/source/conversation.js": "../public/conversation.js",
};

function readAsset(file: URL, contentType: string): Asset {
  return { body: new Uint8Array(readFileSync(file)), contentType };
}

const folder = new URL("../public/", import.meta.url);

/** The page's modules in one file, with the client that they import. */
async function bundle(): Promise<Asset> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("app.js", folder))],
    bundle: true,
    format: "esm",
    target: "es2022",
    // The client is taken as it stands in this repository, for nothing of it needs to be built before.
    conditions: ["@ws/source"],
    write: false,
  });
  const body = Buffer.concat(outputFiles.map(({ contents }) => contents));
  return { body, contentType: "text/javascript; charset=utf-8" };
}

let script: Promise<Asset> | undefined;

/** Every other file of the page by its path, read once. */
function readAssets(): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder)) {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) continue;
    assets.set(name === "index.html" ? "/" : `/${name}`, readAsset(new URL(name, folder), contentType));
  }
  for (const [path, file] of Object.entries(sources)) {
    assets.set(path, readAsset(new URL(`../src/${file}`, import.meta.url), plainText));
  }
  return assets;
}

const assets: ReadonlyMap<string, Asset> = readAssets();

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...security, ...headers, "content-type": plainText },
  });
}

/** The demo's page: its files by GET and HEAD, as strict headers as it works under. */
export async function page(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  // Bundled when it is first asked for, so that the server starts no later for it.
  if (pathname === "/app.js") script ??= bundle();
  const asset = pathname === "/app.js" ? await script : assets.get(pathname);
  if (asset === undefined) return plain(404, "Not found");
  if (request.method !== "GET" && request.method !== "HEAD") {
    return plain(405, "Expected GET or HEAD", { allow: "GET, HEAD" });
  }
  const { body, contentType } = asset;
  const headers = {
    ...security,
    "cache-control": "no-cache",
    "content-length": String(body.length),
    "content-type": contentType,
  };
  return new Response(request.method === "HEAD" ? null : body, { headers });
}
