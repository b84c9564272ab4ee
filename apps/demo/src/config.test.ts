import { expect, it } from "vitest";
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

const defaults = { port: 8000, host: "127.0.0.1", allowedOrigins: ["same-host"], logLevel: "info" };

it("needs nothing", () => {
  expect(readConfig({})).toEqual(defaults);
});

it("takes an empty variable for one that is not given", () => {
  expect(readConfig({ PORT: "", HOST: "", ALLOWED_ORIGINS: "", LOG_LEVEL: "" })).toEqual(defaults);
});

it("reads every variable", () => {
  const env = { PORT: "0", HOST: "::1", ALLOWED_ORIGINS: "https://a.com, same-host", LOG_LEVEL: "debug" };
  const allowedOrigins = ["https://a.com", "same-host"];
  expect(readConfig(env)).toEqual({ port: 0, host: "::1", allowedOrigins, logLevel: "debug" });
});

it("reads a star as every origin", () => {
  expect(readConfig({ ALLOWED_ORIGINS: "*" })).toMatchObject({ allowedOrigins: "*" });
});

it.each(["x", "-1", "65536", "80.5", "1e3", "0x50", " 80", "8000000"])("refuses the port %j", (port) => {
  const got = JSON.stringify(port);
  expect(problems({ PORT: port })).toEqual([`PORT: expected a whole number from 0 to 65535, got ${got}`]);
});

it.each(["http://localhost", "a b", "localhost/"])("refuses the host %j", (host) => {
  expect(problems({ HOST: host })).toEqual([expect.stringMatching(/^HOST: expected an address/)]);
});

it.each(["https://a.com/", "a.com", "https://a.com,,", "*, https://a.com"])(
  "refuses the origins %j",
  (text) => {
    expect(problems({ ALLOWED_ORIGINS: text })).toEqual([
      expect.stringMatching(/^ALLOWED_ORIGINS: expected /),
    ]);
  },
);

it("names every variable that is wrong, one line each", () => {
  const lines = problems({ PORT: "x", HOST: "/", ALLOWED_ORIGINS: "y", LOG_LEVEL: "loud" });
  expect(lines.map((line) => line.split(":")[0])).toEqual(["PORT", "HOST", "ALLOWED_ORIGINS", "LOG_LEVEL"]);
  expect(lines.at(-1)).toBe('LOG_LEVEL: expected one of debug, info, warn, error, silent, got "loud"');
});

it("stays on its line and short, whatever the value", () => {
  const [line] = problems({ LOG_LEVEL: `\n\u001b[2J${"x".repeat(10_000)}` });
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(line?.length).toBeLessThan(250);
});
