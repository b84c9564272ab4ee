import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { echoSource, folderOf } from "../command.fixture.js";
import type { Failure } from "../parent/messages.js";
import { checkedOptions } from "./checked-options.js";
import { Serving } from "./serving.js";
import { applicationOf, failureOf, settingsOf } from "./start.js";
import { type WorkerSetup, workerSetup } from "./worker-setup.js";

/** Does what a worker does with its command line, in this process; gives why it would not start. */
async function start(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
  isCheck: boolean,
): Promise<Failure | undefined> {
  const folder = folderOf(files);
  const current = vi.spyOn(process, "cwd").mockReturnValue(folder);
  onTestFinished(() => current.mockRestore());
  let setup: WorkerSetup | undefined;
  try {
    setup = workerSetup(args);
    const loaded = await settingsOf(setup);
    const application = await applicationOf(setup, loaded);
    if (isCheck) await checkedOptions(loaded);
    else await new Serving(loaded, console).start(application);
    return undefined;
  } catch (error) {
    return failureOf(error, setup?.target.file);
  }
}

const app = { "app.mjs": echoSource() };

const failedStartup = `
export default async (scope, receive, send) => {
  await receive();
  await send({ type: "lifespan.startup.failed", message: "no database" });
};`;

test.each<[string, readonly string[], Readonly<Record<string, string>>, number, RegExp]>([
  ["a flag that is misspelt", ["app.mjs", "--prot", "1"], app, 2, /^--prot: .*did you mean --port\?$/],
  ["a file that is missing", ["other.mjs"], app, 2, /^other\.mjs: there is no such file in /],
  ["no file at all", [], {}, 2, /^expected a file, as in "ws-serve app\.ts"/],
  [
    "an export that is missing",
    ["app.mjs:web"],
    app,
    2,
    /^app\.mjs: expected the export web, got the exports default$/,
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
  ["a config that is no JSON", ["app.mjs"], { ...app, "ws.config.json": "{" }, 2, /^ws\.config\.json: /],
  ["a config that is missing", ["app.mjs", "--config", "x.js"], app, 2, /^--config: there is no x\.js in /],
  [
    "a file of variables that is missing",
    ["app.mjs"],
    { ...app, "ws.config.json": '{"envFile":["x"]}' },
    2,
    /^--env-file: x can't be read \(ENOENT\)$/,
  ],
  [
    "an option that serve refuses",
    ["app.mjs", "--root-path", "app/"],
    app,
    2,
    /^options\.rootPath: expected/,
  ],
  [
    "a module that throws",
    ["app.mjs"],
    { "app.mjs": 'throw new Error("no")' },
    3,
    /^Error: no\n {4}at .*app\.mjs:1:7/,
  ],
  ["a start-up that fails", ["app.mjs"], { "app.mjs": failedStartup }, 3, /^start-up failed: no database$/],
  [
    "what is no application",
    ["app.mjs"],
    { "app.mjs": "export default (app) => async () => {};" },
    3,
    /^NotAnApplication: /,
  ],
  [
    "a certificate that is missing",
    ["app.mjs", "--tls-cert", "c.pem", "--tls-key", "k.pem"],
    app,
    3,
    /ENOENT.*c\.pem/,
  ],
])("%s is told, with its exit code", async (_name, args, files, code, message) => {
  const failure = await start(args, files, false);
  expect(failure).toMatchObject({ code, text: expect.stringMatching(message) });
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
  ["a certificate", ["app.mjs", "--tls-cert", "app.mjs", "--tls-key", "app.mjs"], app, 3],
])("--check finds a mistake in %s", async (_name, args, files, code) => {
  expect((await start([...args, "--check"], files, true))?.code ?? 0).toBe(code);
});

test("memory() under several workers does not start, and the remedy is told", async () => {
  // As a worker has it; the tests of the command show that it does.
  vi.stubEnv("WS_WORKERS", "2");
  const broadcast = fileURLToPath(new URL("../../../broadcast/src/index.ts", import.meta.url));
  const source = `
    import { createBroadcast, memory } from ${JSON.stringify(broadcast)};
    createBroadcast({ engine: memory() });
    ${echoSource()}`;
  expect(await start(["app.mjs", "--workers", "2"], { "app.mjs": source }, false)).toMatchObject({
    code: 3,
    text: expect.stringMatching(/memory\(\): expected one process, got 2 workers: .*redis\(\) or nats\(\)/),
  });
});
