import { expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.js";

function problems(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const defaults = {
  port: 8000,
  host: "127.0.0.1",
  allowedOrigins: ["same-host"],
  allowedHosts: ["localhost", "127.0.0.1", "[::1]"],
  logLevel: "info",
  broadcast: "memory",
};

test("needs nothing", () => {
  expect(readConfig({})).toEqual(defaults);
});

test("takes an empty variable for one that is not given", () => {
  expect(readConfig({ PORT: "", HOST: "", ALLOWED_ORIGINS: "", LOG_LEVEL: "", BROADCAST: "" })).toEqual(
    defaults,
  );
});

test("reads every variable", () => {
  const ALLOWED_ORIGINS = "https://a.com, same-host";
  const BROADCAST = "redis://127.0.0.1:6379";
  expect(
    readConfig({
      PORT: "0",
      HOST: "::1",
      ALLOWED_ORIGINS,
      ALLOWED_HOSTS: "a.com, .b.com",
      LOG_LEVEL: "debug",
      BROADCAST,
    }),
  ).toEqual({
    port: 0,
    host: "::1",
    allowedOrigins: ["https://a.com", "same-host"],
    allowedHosts: ["a.com", ".b.com"],
    logLevel: "debug",
    broadcast: BROADCAST,
  });
});

test("reads a star as every origin", () => {
  expect(readConfig({ ALLOWED_ORIGINS: "*" })).toMatchObject({ allowedOrigins: "*" });
});

test.each(["127.0.0.1", "127.0.0.9", "::1", "localhost"])(
  "fault 181: at %s, which only this machine can reach, it answers for names of this machine alone",
  (HOST) => {
    const { allowedHosts } = readConfig({ HOST });
    const more = HOST === "127.0.0.9" ? [HOST] : [];
    expect(allowedHosts).toEqual(["localhost", "127.0.0.1", "[::1]", ...more]);
  },
);

test("fault 181: at an address that others can reach it answers for any name, unless it is told which", () => {
  for (const HOST of ["0.0.0.0", "::", "example.com", "127.example.com"]) {
    expect(readConfig({ HOST }).allowedHosts).toBe("*");
  }
  expect(readConfig({ HOST: "0.0.0.0", ALLOWED_HOSTS: "a.com" }).allowedHosts).toEqual(["a.com"]);
  expect(readConfig({ ALLOWED_HOSTS: "*" }).allowedHosts).toBe("*");
  expect(problems({ ALLOWED_HOSTS: "https://a.com" })).toEqual([
    expect.stringMatching(/^ALLOWED_HOSTS: expected "\*", or hosts/),
  ]);
});

test.each(["x", "-1", "65536", "80.5", "1e3", "0x50", " 80", "8000000"])("refuses the port %j", (port) => {
  const got = JSON.stringify(port);
  expect(problems({ PORT: port })).toEqual([`PORT: expected a whole number from 0 to 65535, got ${got}`]);
});

test.each(["http://localhost", "a b", "localhost/"])("refuses the host %j", (host) => {
  expect(problems({ HOST: host })).toEqual([expect.stringMatching(/^HOST: expected an address/)]);
});

test.each(["https://a.com/", "a.com", "https://a.com,,", "*, https://a.com"])(
  "refuses the origins %j",
  (text) => {
    expect(problems({ ALLOWED_ORIGINS: text })).toEqual([
      expect.stringMatching(/^ALLOWED_ORIGINS: expected /),
    ]);
  },
);

test.each([
  "memory",
  "redis://ada:secret@example.com:6380/2",
  "rediss://example.com",
  "nats://example.com:4222",
])("takes the engine %j", (address) => {
  expect(readConfig({ BROADCAST: address })).toMatchObject({ broadcast: address });
});

test.each([
  "redis",
  "Memory",
  "kafka://a",
  "redis:a",
  "redis://a/b",
  "redis://",
  "nats://",
  "nats://a/b",
  "http://a",
])("refuses the engine %j", (address) => {
  expect(problems({ BROADCAST: address })).toEqual([
    expect.stringMatching(/^BROADCAST: expected memory, redis:/),
  ]);
});

test("does not show what an engine's address held, as that may be a password", () => {
  const [line] = problems({ BROADCAST: "redis:/ada:secret@a" });
  expect(line).toMatch("got something else (not shown, as it may hold a password)");
  expect(line).not.toMatch("secret");
});

test("names every variable that is wrong, one line each", () => {
  const lines = problems({ PORT: "x", HOST: "/", ALLOWED_ORIGINS: "y", LOG_LEVEL: "loud", BROADCAST: "z" });
  expect(lines.map((line) => line.split(":")[0])).toEqual([
    "PORT",
    "HOST",
    "ALLOWED_ORIGINS",
    "LOG_LEVEL",
    "BROADCAST",
  ]);
  expect(lines.at(-2)).toBe('LOG_LEVEL: expected one of debug, info, warn, error, silent, got "loud"');
});

test("stays on its line and short, whatever the value", () => {
  const [line] = problems({ LOG_LEVEL: `\n\u001b[2J${"x".repeat(10_000)}` });
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(line?.length).toBeLessThan(250);
});
