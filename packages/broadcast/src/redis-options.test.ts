import { expect, test } from "vitest";
import { type RedisOptions, resolveRedisOptions } from "./redis-options.js";

const url = "redis://127.0.0.1:6379";

test("a URL is enough", () => {
  expect(resolveRedisOptions({ url })).toEqual({
    url,
    prefix: "ws",
    connectTimeout: 1_000,
    pingInterval: 5_000,
    secrets: [],
  });
});

test.each(["redis://h", "rediss://user:secret@h:1/3", "redis://h/0", "redis://:p%40ss@[::1]:6379"])(
  "%s is a URL",
  (given) => expect(resolveRedisOptions({ url: given }).url).toBe(given),
);

test.each([
  "",
  "localhost:6379",
  "http://u:secret@h",
  "redis://u:secret@h/name",
  "redis://u:secret%@h",
  "redis://%zz:secret@h",
])("what is no URL of Redis is refused, and not quoted: %s", (given) => {
  const resolve = (): unknown => resolveRedisOptions({ url: given });
  expect(resolve).toThrow(TypeError);
  expect(resolve).toThrow(/^redis options\.url: expected "redis:.*percent-encoded/);
  expect(resolve).not.toThrow(/secret/);
});

test("the password is known as it stands in the URL and as it is sent", () => {
  expect(resolveRedisOptions({ url: "redis://u:p%40ss@h" }).secrets).toEqual(["p%40ss", "p@ss"]);
});

test("a name that is no option is refused", () => {
  const options = { url, timeout: 1 } as RedisOptions;
  expect(() => resolveRedisOptions(options)).toThrow(
    "redis options: expected url, prefix, connectTimeout, pingInterval, got timeout",
  );
});

test.each([
  ["", '""'],
  ["a b", '"a b"'],
  ["a{b}", '"a{b}"'],
  ["x".repeat(65), "xxx"],
])("a prefix that can't stand in a key is refused: %s", (prefix, got) => {
  expect(() => resolveRedisOptions({ url, prefix })).toThrow(/^redis options\.prefix: expected 1 to 64 of/);
  expect(() => resolveRedisOptions({ url, prefix })).toThrow(got);
});

test.each(["connectTimeout", "pingInterval"])("%s is milliseconds from 1 to 60,000", (name) => {
  for (const value of [1, 60_000]) {
    expect(resolveRedisOptions({ url, [name]: value })).toMatchObject({ [name]: value });
  }
  for (const value of [0, 60_001, Number.NaN, "5"]) {
    expect(() => resolveRedisOptions({ url, [name]: value })).toThrow(
      `redis options.${name}: expected milliseconds from 1 to 60000, got ${value}`,
    );
  }
});

test("an option that is undefined counts as not given", () => {
  expect(resolveRedisOptions({ url, prefix: undefined, pingInterval: undefined })).toMatchObject({
    prefix: "ws",
    pingInterval: 5_000,
  });
});
