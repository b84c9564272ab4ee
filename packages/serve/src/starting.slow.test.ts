import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Command, echoSource, folderOf } from "./command.fixture.js";
import { app, failedStartup, failing } from "./failing-command.fixture.js";

test.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
  [
    "a flag that is misspelt",
    ["app.mjs", "--prot", "1"],
    app,
    2,
    /^ws-serve: --prot: .*did you mean --port\?\n$/,
  ],
  ["a file that is missing", ["other.mjs"], app, 2, /^ws-serve: other\.mjs: there is no such file in /],
  ["no file at all", [], {}, 2, /^ws-serve: expected a file, as in "ws-serve app\.ts"/],
  [
    "an export that is missing",
    ["app.mjs:web"],
    app,
    2,
    /^ws-serve: app\.mjs: expected the export web, got the exports default\n$/,
  ],
  [
    "an export that is no function",
    ["app.mjs"],
    { "app.mjs": "export const app = {};" },
    2,
    /expected its export app to be an application/,
  ],
  [
    "a config key that is misspelt",
    ["app.mjs"],
    { ...app, "ws.config.json": '{"prot":1}' },
    2,
    /ws\.config\.json: prot: .*did you mean port\?/,
  ],
  [
    "a config that is no JSON",
    ["app.mjs"],
    { ...app, "ws.config.json": "{" },
    2,
    /^ws-serve: ws\.config\.json: /,
  ],
  [
    "a config that is missing",
    ["app.mjs", "--config", "x.js"],
    app,
    2,
    /^ws-serve: --config: there is no x\.js in /,
  ],
  [
    "a file of variables that is missing",
    ["app.mjs"],
    { ...app, "ws.config.json": '{"envFile":["x"]}' },
    2,
    /^ws-serve: --env-file: x can't be read \(ENOENT\)\n$/,
  ],
  [
    "an option that serve refuses",
    ["app.mjs", "--root-path", "app/"],
    app,
    2,
    /^ws-serve: options\.rootPath: expected/,
  ],
  [
    "a module that throws",
    ["app.mjs"],
    { "app.mjs": 'throw new Error("no")' },
    3,
    /^ws-serve: Error: no\n {4}at .*app\.mjs:1:7/,
  ],
  [
    "a module with a syntax error",
    ["app.mjs"],
    { "app.mjs": "export default (" },
    3,
    /app\.mjs:1\n[\s\S]*SyntaxError/,
  ],
  [
    "a start-up that fails",
    ["app.mjs"],
    { "app.mjs": failedStartup },
    3,
    /^ws-serve: start-up failed: no database\n$/,
  ],
  [
    "what is no application",
    ["app.mjs"],
    { "app.mjs": "export default (app) => async () => {};" },
    3,
    /^ws-serve: NotAnApplication: /,
  ],
  [
    "a certificate that is missing",
    ["app.mjs", "--tls-cert", "c.pem", "--tls-key", "k.pem"],
    app,
    3,
    /ENOENT.*c\.pem/,
  ],
])("%s is told, with its exit code", async (_name, args, files, code, message) => {
  const failed = await failing(args, files);
  expect(failed.stderr).toMatch(message);
  expect(failed.code).toBe(code);
});

test.each<[string, readonly string[], Readonly<Record<string, string>>, number]>([
  ["nothing wrong", ["app.mjs"], app, 0],
  ["a flag", ["app.mjs", "--wrokers", "2"], app, 2],
  ["a value", ["app.mjs", "--drain", "soon"], app, 2],
  ["a range", ["app.mjs", "--max-headers", "5000"], app, 2],
  ["an option of serve", ["app.mjs", "--trusted-proxies", "nowhere"], app, 2],
  ["two options together", ["app.mjs", "--proxy-protocol"], app, 2],
  ["an export", ["app.mjs:web"], app, 2],
  ["a config key", ["app.mjs"], { ...app, "ws.config.json": '{"worker":2}' }, 2],
  ["a config value", ["app.mjs"], { ...app, "ws.config.json": '{"workers":"many"}' }, 2],
  ["a config that throws", ["app.mjs"], { ...app, "ws.config.js": "throw new Error('x')" }, 3],
  ["a module", ["app.mjs"], { "app.mjs": "import './missing.mjs'" }, 3],
  ["a module that ends the process", ["app.mjs"], { "app.mjs": "process.exit(0)" }, 3],
  ["a certificate", ["app.mjs", "--tls-cert", "app.mjs", "--tls-key", "app.mjs"], app, 3],
])("--check finds a mistake in %s", async (_name, args, files, code) => {
  const command = new Command([...args, "--check"], { folder: folderOf(files) });
  expect([await command.ended, command.stderr]).toEqual([
    code,
    code === 0 ? "" : expect.stringMatching(/^ws-serve: /),
  ]);
});

test("memory() under several workers does not start, and the remedy is told", async () => {
  const source = `
    import { createBroadcast, memory } from "BROADCAST";
    createBroadcast({ engine: memory() });
    ${echoSource()}`;
  const broadcast = fileURLToPath(new URL("../../broadcast/src/index.ts", import.meta.url));
  const files = { "app.mjs": source.replace("BROADCAST", broadcast) };
  const imports = ["--import", import.meta.resolve("tsx")];
  const conditions = { NODE_OPTIONS: "--conditions=@ws/source" };
  const { code, stderr } = await failing(["app.mjs", "--workers", "2", ...imports], files, conditions);
  expect(stderr).toMatch(/memory\(\): expected one process, got 2 workers: .*redis\(\) or nats\(\)/);
  expect(code).toBe(3);
});
