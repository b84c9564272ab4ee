import { fileURLToPath } from "node:url";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { expect, test } from "vitest";
import type { Outcome } from "./host-without-node.fixture.js";

/** Globals that workers of browsers, Deno, Bun and Cloudflare have beside those of the language. */
const web = {
  AbortController,
  AbortSignal,
  DOMException,
  Headers,
  Response,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
  clearTimeout,
  performance,
  setTimeout,
};

async function bundled(): Promise<{ readonly code: string; readonly files: readonly string[] }> {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("./host-without-node.fixture.ts", import.meta.url))],
    absWorkingDir: fileURLToPath(new URL("../../..", import.meta.url)),
    bundle: true,
    format: "iife",
    minifyWhitespace: true,
    globalName: "program",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["@ws/source"],
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return { code: outputFiles[0]?.text ?? "", files: Object.keys(metafile.inputs) };
}

test("events, contract, connection, router, middleware and the driver serve on a host without Node", async () => {
  const { code, files } = await bundled();
  const packages = files.flatMap((file) => /^packages\/(\w+)\//.exec(file)?.[1] ?? []);
  expect([...new Set(packages)].sort()).toEqual([
    "connection",
    "contract",
    "events",
    "middleware",
    "router",
    "testing",
  ]);
  // Middleware asks the global object whether it has a `Buffer`, and does without.
  const nodes = code.match(/"node:\w+"|\bprocess\.|\bsetImmediate\b|(?<![\w.])Buffer\.|\brequire\(/g);
  expect(nodes).toBeNull();
  const context = createContext({ ...web });
  runInContext(code, context);
  const { sent, log } = (await runInContext("program.run()", context)) as Outcome;
  const [life, echoed, bytes, adapted, refused] = sent as readonly (readonly unknown[])[];
  expect(life).toMatchObject([{ type: "lifespan.startup.complete" }, { type: "lifespan.shutdown.complete" }]);
  const accept = { type: "websocket.accept" };
  expect(echoed).toMatchObject([accept, { type: "websocket.send", text: '"héllo in 5 by ann"' }]);
  expect(bytes).toMatchObject([accept, { type: "websocket.send", bytes: { 0: 1, 1: 2, 2: 255 } }]);
  expect(adapted).toMatchObject([accept, { type: "websocket.send", text: "héllo, adapted" }]);
  expect(refused).toMatchObject([{ status: 404 }, { type: "websocket.http.response.body" }]);
  expect([...log]).toEqual([
    'open id=- client=[2001:db8::1]:50000 path="/echo/5/"',
    'close id=- client=[2001:db8::1]:50000 path="/echo/5/" code=1001 reason="" duration=… messagesReceived=1 bytesReceived=8 messagesSent=1 bytesSent=20',
    'open id=- client=[2001:db8::1]:50000 path="/bytes/"',
    'close id=- client=[2001:db8::1]:50000 path="/bytes/" code=1001 reason="" duration=… messagesReceived=1 bytesReceived=3 messagesSent=1 bytesSent=3',
    'open id=- client=[2001:db8::1]:50000 path="/adapted/"',
    'close id=- client=[2001:db8::1]:50000 path="/adapted/" code=1001 reason="" duration=… messagesReceived=1 bytesReceived=6 messagesSent=1 bytesSent=15',
    'refused id=- client=[2001:db8::1]:50000 path="/nowhere/" status=404 duration=…',
  ]);
});
