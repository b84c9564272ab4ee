import { once } from "node:events";
import { createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Command, connect, echoSource, folderOf, started } from "./command.fixture.js";
import { app, failedStartup, failing } from "./failing-command.fixture.js";

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgA7+9nEBO5VkBLLtL
JFqLUXSd4G/xCrRDT/VwayOStWShRANCAASG58mdePjYwX93+tWiPnMzgtyFc01V
CjGjJM6LMxyz4Ut07HxyVniAWY2nBuf7Rw/kk/+PApxut7W4nWamcH5u
-----END PRIVATE KEY-----`;

test.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
  ["the command line", ["app.mjs", "--prot", "1"], app, 2, /^ws-serve: --prot: .*did you mean --port\?\n$/],
  [
    "the export",
    ["app.mjs:web"],
    app,
    2,
    /^ws-serve: app\.mjs: expected the export web, got the exports default\n$/,
  ],
  [
    "a module that does not parse",
    ["app.mjs"],
    { "app.mjs": "export default (" },
    3,
    /app\.mjs:1\n[\s\S]*SyntaxError/,
  ],
])("a mistake of %s is told, with its exit code", async (_name, args, files, code, message) => {
  const failed = await failing(args, files);
  expect(failed.stderr).toMatch(message);
  expect(failed.code).toBe(code);
});

test("a module that listens by itself is refused with the two lines to change", async () => {
  const source = 'import { createServer } from "node:http"; createServer().listen(0, "127.0.0.1");';
  const { code, stderr } = await failing(["app.mjs"], { "app.mjs": source });
  expect(stderr).toBe(
    [
      "ws-serve: app.mjs listens by itself, and ws-serve has to. Change two lines:",
      "  - const server = await serve(application, …);",
      "  + export default application;",
      "",
    ].join("\n"),
  );
  expect(code).toBe(2);
});

test("a port in use is told in one line, with how to choose another, and the exit code is 3", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  onTestFinished(() => void other.close());
  const address = other.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const { code, stderr } = await failing(["app.mjs", "--port", `${port}`], app);
  expect(stderr).toBe(
    `ws-serve: can't listen on 127.0.0.1 port ${port}: in use by another process; --port chooses another, --port 0 any that is free\n`,
  );
  expect(code).toBe(3);
});

test("TypeScript that neither Node nor a tsx of the application's runs is told in one line, with 2", async () => {
  const { code, stderr } = await failing(["app.ts"], { "app.ts": echoSource() }, { NODE_OPTIONS: typesOff });
  expect(stderr).toMatch(
    /^ws-serve: app\.ts is TypeScript, which Node v\S+ does not run by itself: npm install --save-dev tsx, or take Node 22\.18 or newer\n$/,
  );
  expect(code).toBe(2);
});

/** On a Node that takes types away by itself it is asked not to. */
const typesOff =
  "typescript" in process.features && process.features.typescript ? "--no-experimental-strip-types" : "";

test("a factory makes the application, from CommonJS too, with what the config file and its variables say", async () => {
  const source = `
    module.exports.app = async () => (await import("./echo.mjs")).make(process.env.VERSION);`;
  const echo = echoSource("VERSION")
    .replace(
      "export default async function application",
      "export const make = (version) => async function application",
    )
    .replaceAll(' VERSION"', ' " + version');
  const folder = folderOf({
    "app.cjs": source,
    "echo.mjs": echo,
    "ws.config.mjs": "throw new Error('this one is not looked for')",
    "ws.config.js": "module.exports = { factory: true, envFile: ['.env'] };",
    ".env": "VERSION=7",
  });
  const command = await started(["app.cjs:app"], { folder });
  expect(await (await connect(command.address)).ask("who")).toMatch(/ 7$/);
  expect(await command.end()).toBe(0);
});

test("--version and --help print, and start nothing", async () => {
  const folder = folderOf({});
  const version = new Command(["--version"], { folder });
  expect([await version.ended, version.stdout]).toEqual([0, "0.0.0\n"]);
  const help = new Command(["-h"], { folder });
  expect([await help.ended, help.stdout.split("\n")[0]]).toEqual([
    0,
    "Usage: ws-serve [file[:export]] [options]",
  ]);
});

test("--check prints the options, neither a key nor a password among them, and starts nothing", async () => {
  const folder = folderOf({
    "app.mjs": `${failedStartup}\nprocess.stderr.write("one of " + process.env.WS_WORKERS + "\\n");`,
    "ws.config.mjs": "export default {}",
    "ws.config.js": `module.exports = {
      host: "127.0.0.1", maxPayload: 5, allowedOrigins: () => true, rootPath: "/app",
      trustedProxies: ["10.0.0.1"], health: "/redis://ada:secret@host", logger: console,
      tls: { key: ${JSON.stringify(key)}, passphrase: "hunter2" } };`,
  });
  const command = new Command(["app.mjs", "--check", "--workers", "3"], {
    folder,
    env: { WS_MAX_TARGET: "1KiB" },
  });
  expect(await command.ended).toBe(0);
  expect(command.stderr).toBe("one of 3\n");
  expect(command.stdout).not.toMatch(/secret|hunter2|PRIVATE/);
  expect(JSON.parse(command.stdout)).toMatchObject({
    workers: 3,
    port: 8000,
    maxPayload: 5,
    maxTarget: 1_024,
    maxConnections: "unlimited",
    pingInterval: 20_000,
    health: "/redis://ada:***@host",
    allowedOrigins: "(a function)",
    tls: "(given)",
  });
});

test("--check tells a mistake with its exit code", async () => {
  const files = { ...app, "ws.config.json": '{"rootPath":"app/"}' };
  const { code, stderr } = await failing(["app.mjs", "--check"], files);
  expect(stderr).toMatch(/^ws-serve: options\.rootPath: expected/);
  expect(code).toBe(2);
});
