import { defaults, listenDefaults } from "@ws/server";
import { describe, expect, test } from "vitest";
import { readConfig } from "./config-values.js";
import { readFlags } from "./flags.js";
import { nearest } from "./nearest.js";
import { flagOf, variableOf } from "./option.js";
import { merged, resolveSettings } from "./settings.js";
import { optionOfKey, options } from "./table.js";
import { showValue, UsageError } from "./value.js";
import { readVariables } from "./variables.js";

const surroundings = { isTerminal: true };

/** What the command makes of a line, an environment and a config. */
function resolve(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  config: unknown = {},
): ReturnType<typeof resolveSettings> {
  const sources = [readFlags(args).values, readVariables(env), readConfig(config, "ws.config.ts").values];
  return resolveSettings(merged(...sources), surroundings);
}

/** How the options of `serve` are called here, where that differs. */
const otherNames: Readonly<Record<string, string>> = { path: "unix", tls: "tlsCert", logger: "log" };

/** The names of all options of `serve` that somebody can set; whether it listens is the command's own affair. */
const serverNames = [...Object.keys(defaults), ...Object.keys(listenDefaults)].filter(
  (name) => name !== "listen",
);

describe("every option of serve", () => {
  test.each(serverNames)("%s has a flag, a variable and a config key", (name) => {
    const key = otherNames[name] ?? name;
    const found = options.filter((option) => option.key === key || option.key.startsWith(`${key}.`));
    expect(found).not.toEqual([]);
    for (const option of found) {
      const text = { boolean: "true", count: "32", duration: "9s", size: "8KiB", text: "660", list: "a" }[
        option.kind
      ];
      const value = option.choices?.[0] ?? text;
      const byFlag = readFlags([`--${flagOf(option)}=${value}`]).values.get(option.key);
      expect(byFlag).toBeDefined();
      expect(readVariables({ [variableOf(option)]: value }).get(option.key)).toEqual(byFlag);
    }
  });
});

describe("precedence", () => {
  test("a flag goes before a variable, a variable before the config file, and that before the default", () => {
    const env = { WS_PORT: "2", PORT: "3" };
    const config = { port: 4 };
    expect(resolve(["--port", "1"], env, config).settings.port).toBe(1);
    expect(resolve([], env, config).settings.port).toBe(2);
    expect(resolve([], { PORT: "3" }, config).settings.port).toBe(3);
    expect(resolve([], {}, config).settings.port).toBe(4);
    expect(resolve([]).settings.port).toBe(8000);
  });

  test("only what was said reaches serve, by its name there", () => {
    const { server } = resolve(
      ["--max-payload", "64KiB", "--receive-queue-messages=8", "--allowed-hosts", "*"],
      { WS_PING_INTERVAL: "5s" },
      { rootPath: "/app" },
    );
    expect(server).toEqual({
      maxPayload: 65_536,
      receiveQueue: { messages: 8, bytes: 1_048_576 },
      pingInterval: 5_000,
      allowedHosts: "*",
      rootPath: "/app",
    });
  });

  test("the config file may be another, and is no option", () => {
    expect(readFlags(["a.ts", "--config", "x.js", "--check"])).toMatchObject({
      config: "x.js",
      isCheck: true,
    });
  });

  test("a list may be given in parts, and a switch be turned off", () => {
    const { settings } = resolve(["--reload-dir", "a,b", "--reload-dir", "c", "--no-access-log", "--reload"]);
    expect(settings).toMatchObject({ reloadDir: ["a", "b", "c"], accessLog: false, reload: true, drain: 0 });
    expect(resolve(["--access-log=off"]).settings.accessLog).toBe(false);
    expect(resolve(["--reload", "--drain", "1s"]).settings.drain).toBe(1_000);
  });

  test("auto is a worker for each processor, and the log is for whoever reads it", () => {
    expect(resolve(["--workers", "auto"]).settings.workers).toBeGreaterThan(0);
    expect(resolve([]).settings.log).toBe("pretty");
    expect(resolveSettings(new Map(), { isTerminal: false }).settings.log).toBe("json");
  });
});

describe("values", () => {
  test.each([
    ["--drain", "500ms", "drain", 500],
    ["--drain", "1.5s", "drain", 1_500],
    ["--drain", "2m", "drain", 120_000],
    ["--drain", "250", "drain", 250],
    ["--max-rss", "512MiB", "maxRss", 536_870_912],
    ["--max-rss", "1GiB", "maxRss", 1_073_741_824],
  ])("%s %s", (flag, text, key, value) => {
    expect(readFlags([flag, text]).values.get(key)).toBe(value);
  });

  test("unlimited is a number where there may be no limit", () => {
    expect(readFlags(["--max-connections", "unlimited"]).values.get("maxConnections")).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(() => readFlags(["--max-headers", "unlimited"])).toThrow(UsageError);
  });

  test("texts with units stand in a config file as well, and a value may be open there", () => {
    const allowedOrigins = (): boolean => true;
    const { values, extra } = readConfig(
      { drain: "3s", receiveQueue: { bytes: "2MiB" }, allowedOrigins, logger: false, unix: undefined },
      "ws.config.ts",
    );
    expect([...values]).toEqual([
      ["drain", 3_000],
      ["receiveQueue.bytes", 2_097_152],
      ["allowedOrigins", allowedOrigins],
    ]);
    expect(extra).toEqual({ logger: false });
  });

  test("of a config file are checked as those of flags are", () => {
    const config = { reloadDir: ["src"], factory: true, log: "json", port: 5, host: "::1" };
    expect(Object.fromEntries(readConfig(config, "ws.config.ts").values)).toEqual(config);
    expect(() => readConfig({ host: 5 }, "ws.config.ts")).toThrow('host: expected a text, got "5"');
    expect(() => readConfig({ port: true }, "ws.config.ts")).toThrow("port: expected a whole number");
  });

  test("are shown with their unit", () => {
    const shown = (key: string): string => {
      const option = optionOfKey.get(key);
      return option === undefined ? "no such option" : showValue(option, option.default);
    };
    expect(["drain", "shutdownDelay", "maxTarget", "maxConnections", "allowedHosts"].map(shown)).toEqual([
      "5s",
      "0",
      "8KiB",
      "unlimited",
      "*",
    ]);
    expect(["unix", "rootPath", "reloadDir", "accessLog", "reload", "port"].map(shown)).toEqual([
      "",
      "none",
      "none",
      "on",
      "off",
      "8000",
    ]);
  });
});

describe("mistakes name what was meant", () => {
  test.each<[readonly string[], Readonly<Record<string, string>>, unknown, RegExp]>([
    [["--prot", "1"], {}, {}, /^--prot: there is no such flag; did you mean --port\?$/],
    [["--xyzzy-frobnicate"], {}, {}, /there is no such flag; ws-serve --help lists them all/],
    [["--port"], {}, {}, /^--port: expected a value behind it/],
    [["--config"], {}, {}, /^--config: expected a value behind it/],
    [["--host", "--port", "1"], {}, {}, /^--host: expected a value behind it/],
    [["--port", "http"], {}, {}, /^--port: expected a whole number from 0 to 65535, got "http"$/],
    [["--port", "70000"], {}, {}, /^--port: expected a whole number from 0 to 65535, got "70000"$/],
    [
      ["--workers", "none"],
      {},
      {},
      /^--workers: expected a whole number from 1 to 1024 or auto, got "none"$/,
    ],
    [["--drain", "5sec"], {}, {}, /^--drain: expected a time such as 500ms, 20s or 5m .* got "5sec"$/],
    [["--drain", "soon!"], {}, {}, /^--drain: expected a time such as 500ms, 20s or 5m .* got "soon!"$/],
    [
      ["--max-payload", "1MB"],
      {},
      {},
      /^--max-payload: expected a size such as 512KiB or 1MiB .* got "1MB"$/,
    ],
    [["--log", "loud"], {}, {}, /^--log: expected one of pretty, json, silent, got "loud"$/],
    [["--reload=maybe"], {}, {}, /^--reload: expected true or false, got "maybe"$/],
    [["a.ts", "b.ts"], {}, {}, /^expected one file, got a\.ts and b\.ts$/],
    [[], { WS_PROT: "1" }, {}, /^WS_PROT: there is no such variable; did you mean WS_PORT\?$/],
    [[], { WS_PORT: "http" }, {}, /^WS_PORT: expected a whole number/],
    [[], { PORT: "http" }, {}, /^PORT: expected a whole number/],
    [[], {}, { prot: 1 }, /^ws\.config\.ts: prot: there is no such option; did you mean port\?$/],
    [[], {}, { receiveQueue: { byte: 1 } }, /receiveQueue\.byte: .*did you mean receiveQueue\.bytes\?$/],
    [[], {}, { port: "http" }, /^ws\.config\.ts: port: expected a whole number from 0 to 65535, got "http"$/],
    [[], {}, { reloadDir: "src" }, /^ws\.config\.ts: reloadDir: expected texts with commas/],
    [[], {}, [], /^ws\.config\.ts: expected an object of options/],
    [["--unix", "a", "--fd", "3"], {}, {}, /both --unix and --fd/],
    [["--tls-cert", "a"], {}, {}, /^--tls-cert and --tls-key: expected both or none$/],
    [["--unix-mode", "rw"], {}, {}, /^--unix-mode: expected rights in octal such as 660, got "rw"$/],
    [
      ["--health", "health/"],
      {},
      {},
      /^--health: expected "\/path" without a trailing slash, got "health\/"$/,
    ],
  ])("%j %j %j", (args, env, config, message) => {
    expect(() => resolve(args, env, config)).toThrow(UsageError);
    expect(() => resolve(args, env, config)).toThrow(message);
  });

  test("what Kubernetes puts into the environment for a service that is called ws is no mistake", () => {
    const env = {
      WS_SERVICE_HOST: "10.0.0.1",
      WS_SERVICE_PORT: "80",
      WS_PORT_80_TCP_ADDR: "10.0.0.1",
      WS_EMPTY: "",
    };
    expect([...readVariables(env)]).toEqual([]);
  });

  test("the variable of @ws/testing is no mistake, for a test may start the command", () => {
    expect([...readVariables({ WS_TESTING_TIMEOUT: "60000" })]).toEqual([]);
  });

  test("a word that is unlike all others has no nearest", () => {
    expect(nearest("prot", ["port", "host"])).toBe("port");
    expect(nearest("q", ["maxPayload"])).toBeUndefined();
  });
});
