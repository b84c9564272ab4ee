import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";

/** Of what the page is made, by file name extension; nothing else in the folder is served. */
const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
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

/** Every file of the folder by its path, read once. */
function readAssets(folder: URL): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(folder)) {
    const contentType = contentTypes[extname(name)];
    if (contentType === undefined) continue;
    const body = new Uint8Array(readFileSync(new URL(name, folder)));
    assets.set(name === "index.html" ? "/" : `/${name}`, { body, contentType });
  }
  return assets;
}

const assets: ReadonlyMap<string, Asset> = readAssets(new URL("../public/", import.meta.url));

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  const contentType = "text/plain; charset=utf-8";
  return new Response(`${text}\n`, {
    status,
    headers: { ...security, ...headers, "content-type": contentType },
  });
}

/** The demo's page: its files by GET and HEAD, as strict headers as it works under. */
export function page(request: Request): Response {
  const asset = assets.get(new URL(request.url).pathname);
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
