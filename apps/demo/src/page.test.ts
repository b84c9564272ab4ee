import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { page } from "./page.js";

function get(path: string, method = "GET"): Promise<Response> {
  return page(new Request(`http://127.0.0.1:8000${path}`, { method }));
}

test.each([
  ["/", "text/html; charset=utf-8"],
  ["/base.css", "text/css; charset=utf-8"],
  ["/app.js", "text/javascript; charset=utf-8"],
  ["/icon.svg", "image/svg+xml"],
  ["/source/echo.ts", "text/plain; charset=utf-8"],
])("serves %s as %s", async (path, contentType) => {
  const response = await get(path);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(contentType);
  const length = Number(response.headers.get("content-length"));
  expect((await response.arrayBuffer()).byteLength).toBe(length);
  expect(length).toBeGreaterThan(0);
});

test.each([
  ["/source/echo.ts", "views/echo.ts"],
  ["/source/chat.ts", "chat/chat.ts"],
  ["/source/contract.ts", "chat/contract.ts"],
  ["/source/conversation.js", "../public/conversation.js"],
  ["/source/application.ts", "application.ts"],
])("shows at %s the source that runs", async (path, file) => {
  expect(await (await get(path)).text()).toBe(await readFile(new URL(file, import.meta.url), "utf8"));
});

test("serves the page's modules as one, with the client and without its schemas", async () => {
  const script = await (await get("/app.js")).text();
  expect(script).toContain("jsonrpc.topics.v1");
  expect(script).not.toMatch(/^import |\bzod\b/m);
  expect((await get("/chat.js")).status).toBe(404);
});

test("takes a query for nothing", async () => {
  expect((await get("/?x=1")).status).toBe(200);
});

test("answers HEAD with the headers of GET and no body", async () => {
  const response = await get("/", "HEAD");
  expect(response.body).toBeNull();
  expect([...response.headers]).toEqual([...(await get("/")).headers]);
});

test.each(["POST", "PUT", "DELETE", "OPTIONS"])("answers %s with 405 and what is allowed", async (method) => {
  const response = await get("/", method);
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD");
});

test.each([
  "/index.html",
  "/nothing",
  "/../package.json",
  "/%2e%2e/package.json",
  "/app.js/",
  "//app.js",
  "/source/main.ts",
  "/source/",
])("has nothing at %s", async (path) => {
  expect((await get(path)).status).toBe(404);
});

test.each(["/", "/nothing"])(
  "puts %s under a policy that lets nothing in but the page's own",
  async (path) => {
    const { headers } = await get(path);
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toContain("unsafe");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  },
);

test("holds no inline script, style or handler, which the policy would stop", async () => {
  const html = await (await get("/")).text();
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:/i);
});
