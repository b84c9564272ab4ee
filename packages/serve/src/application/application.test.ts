import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { defineConfig } from "../serve-config.js";
import { findConfig, findTarget } from "./target.js";
import { currentRuntime, loaderFlags } from "./typescript.js";

function folderOf(...names: readonly string[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ws-application-")));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of names) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), "");
  }
  return folder;
}

describe("the file", () => {
  test("is the one that is named, with its export", () => {
    const folder = folderOf("a.ts", "b:c.ts");
    expect(findTarget("a.ts", folder)).toEqual({ file: join(folder, "a.ts"), exported: undefined });
    expect(findTarget("a.ts:web", folder)).toEqual({ file: join(folder, "a.ts"), exported: "web" });
    expect(findTarget("b:c.ts", folder)).toEqual({ file: join(folder, "b:c.ts"), exported: undefined });
    expect(() => findTarget("c.ts", folder)).toThrow(`c.ts: there is no such file in ${folder}`);
  });

  test("is else the first of the usual ones", () => {
    const folder = folderOf("server.js", "src/app.mts", "src/server.ts");
    expect(findTarget(undefined, folder).file).toBe(join(folder, "src/app.mts"));
    expect(() => findTarget(undefined, folderOf())).toThrow(
      /expected a file, as in "ws-serve app\.ts", or one of app,/,
    );
  });

  test("of the config is the usual one, or the one that is asked for", () => {
    const folder = folderOf("ws.config.js", "other.json");
    expect(findConfig(undefined, folder)).toBe(join(folder, "ws.config.js"));
    expect(findConfig("other.json", folder)).toBe(join(folder, "other.json"));
    expect(findConfig(undefined, folderOf())).toBeUndefined();
    expect(() => findConfig("missing.js", folder)).toThrow("--config: there is no missing.js");
  });
});

describe("TypeScript", () => {
  const runtime = { stripsTypes: false, nodeFlags: [], version: "v20.19.0" };

  test("needs no flag where it is JavaScript, where Node takes types away, or where a module is loaded first", () => {
    expect(loaderFlags(["/a.js", "/b.mjs"], runtime)).toEqual([]);
    expect(loaderFlags(["/a.ts"], { ...runtime, stripsTypes: true })).toEqual([]);
    expect(loaderFlags(["/a.ts"], { ...runtime, nodeFlags: ["--import", "tsx"] })).toEqual([]);
    expect(loaderFlags(["/a.ts"], { ...runtime, nodeFlags: ["-r"] })).toEqual([]);
  });

  test("is run by the application's own tsx, and told where there is none", () => {
    const folder = folderOf("app.ts", "node_modules/tsx/index.js");
    writeFileSync(join(folder, "node_modules/tsx/package.json"), '{"name":"tsx","main":"index.js"}');
    const [flag, url] = loaderFlags([join(folder, "app.ts")], runtime);
    expect([flag, url?.endsWith("/node_modules/tsx/index.js")]).toEqual(["--import", true]);
    expect(() => loaderFlags([join(folderOf("app.cts"), "app.cts")], runtime)).toThrow(
      /^app\.cts is TypeScript, which Node v20\.19\.0 does not run by itself: npm install --save-dev tsx/,
    );
  });

  test("the runtime is this one", () => {
    expect(currentRuntime()).toMatchObject({ version: process.version, stripsTypes: expect.any(Boolean) });
  });
});

test("defineConfig gives what it is given", () => {
  const config = { port: 1 };
  expect(defineConfig(config)).toBe(config);
});
