import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { expect, test, vi } from "vitest";
import { attach, type Logger, serve } from "../index.js";
import { oldestTested, RuntimeCheck, runtimeCheck } from "./tested-runtimes.js";

/** What the starts of several servers say on such a runtime. */
function saidOn(versions: Readonly<Record<string, string>>, starts = 1): string[] {
  const said: string[] = [];
  const logger: Logger = { debug() {}, info() {}, error() {}, warn: (message) => said.push(message) };
  const check = new RuntimeCheck({ node: "24.3.0", ...versions });
  for (let count = 0; count < starts; count += 1) check.warn(logger);
  return said;
}

test.each([
  { bun: "1.4.3" },
  { bun: "1.3.14" },
  { bun: "0.9.9" },
  { bun: "1.4.3-canary.12+abc" },
  { deno: "2.6.10" },
  { deno: "1.46.3" },
  { deno: "2" },
])("on %o one line says what runs and what is tested, once for all servers of the process", (versions) => {
  const said = saidOn(versions, 3);
  expect(said).toHaveLength(1);
  for (const [name, version] of Object.entries(versions)) {
    expect(said[0]).toContain(`this is ${name} ${version}, and ${name} ${oldestTested[name]} is the oldest`);
  }
  expect(said[0]).not.toContain("\n");
});

test.each([{ bun: "1.4.4" }, { bun: "1.5.0" }, { bun: "2.0.0" }, { deno: "2.7.0" }, { deno: "2.10.1" }, {}])(
  "on %o nothing is said",
  (versions) => {
    expect(saidOn(versions, 3)).toEqual([]);
  },
);

test("each start asks, with the logger that it was given", async () => {
  const warn = vi.spyOn(runtimeCheck, "warn");
  const said: string[] = [];
  const logger: Logger = { debug() {}, info() {}, error() {}, warn: (message) => said.push(message) };
  const application = async (): Promise<void> => {};
  await using _served = await serve(application, { port: 0, logger });
  await using attached = attach(createServer(), application, { logger });
  await attached.ready;
  expect(warn).toHaveBeenCalledTimes(2);
  for (const [given] of warn.mock.calls) given.warn("this runtime is old");
  expect(said).toEqual(["this runtime is old", "this runtime is old"]);
});

test("the manifest names the same versions", async () => {
  const { engines } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  expect(engines).toEqual({
    node: ">=20.19.0",
    ...Object.fromEntries(Object.entries(oldestTested).map(([name, version]) => [name, `>=${version}`])),
  });
});
