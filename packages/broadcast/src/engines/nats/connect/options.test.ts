import { describe, expect, test } from "vitest";
import { type NatsOptions, resolveNatsOptions } from "./options.js";

const refused = (options: unknown): string => {
  try {
    resolveNatsOptions(options as NatsOptions);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  return "taken";
};

describe("servers", () => {
  test.each([
    ["nats://127.0.0.1:4333", ["127.0.0.1:4333"]],
    ["example.org", ["example.org:4222"]],
    ["nats://[::1]:4333/", ["[::1]:4333"]],
    [
      ["a:1", "nats://b"],
      ["a:1", "b:4222"],
    ],
  ])("%j are host and port", (servers, expected) => {
    expect(resolveNatsOptions({ servers }).connection.servers).toEqual(expected);
  });

  test("a name and a password go to the client, decoded, and stand in no address", () => {
    const { connection, hosts } = resolveNatsOptions({ servers: "nats://ann:p%2Fw%40@h:1" });
    expect(connection).toMatchObject({ servers: ["h:1"], user: "ann", pass: "p/w@" });
    expect(hosts).toBe("h:1");
  });

  test("a name alone is a token", () => {
    const { connection } = resolveNatsOptions({ servers: ["nats://t%40ken@h", "nats://other"] });
    expect(connection.token).toBe("t@ken");
    expect(connection.user).toBeUndefined();
  });

  test("several servers have one name and password", () => {
    const servers = ["nats://ann:secret@a", "nats://ann:secret@b"];
    expect(resolveNatsOptions({ servers }).connection).toMatchObject({ user: "ann", pass: "secret" });
    const text = refused({ servers: ["nats://ann:secret@a", "nats://bob:secret@b"] });
    expect(text).toContain("got several");
    expect(text).not.toContain("secret");
  });

  test.each([
    ["http://h"],
    ["nats://"],
    ["nats://u:secret@"],
    ["nats://u:secret@h:port"],
    ["nats://u:secret%@h"],
    ["nats://u:secret@h/path"],
    ["nats://u:secret@h?a=1"],
    [""],
    [7],
  ])("%j is refused, and not quoted", (servers) => {
    const text = refused({ servers });
    expect(text).toMatch(/^nats options\.servers: expected "nats:/);
    expect(text).not.toContain("secret");
  });

  test("there must be one", () => {
    expect(refused({ servers: [] })).toBe("nats options.servers: expected at least one server, got none");
  });
});

describe("TLS", () => {
  test("is off unless a server or the options ask for it", () => {
    expect(resolveNatsOptions({ servers: "h" }).connection).not.toHaveProperty("tls");
    expect(resolveNatsOptions({ servers: "tls://h" }).connection.tls).toEqual({});
    expect(resolveNatsOptions({ servers: "tls://h", tls: { ca: "x" } }).connection.tls).toEqual({ ca: "x" });
  });
});

describe("the other options", () => {
  test("have defaults", () => {
    expect(resolveNatsOptions({ servers: "h" })).toMatchObject({
      prefix: "ws",
      pingInterval: 5_000,
      connection: { timeout: 5_000, reconnect: false },
    });
  });

  test("an authenticator goes to the client as it is", () => {
    const authenticator = (): undefined => undefined;
    expect(resolveNatsOptions({ servers: "h", authenticator }).connection.authenticator).toBe(authenticator);
  });

  test.each([["a.b"], [""], ["a=b"], ["x".repeat(65)], [7]])("prefix %j is refused", (prefix) => {
    expect(refused({ servers: "h", prefix })).toMatch(/^nats options\.prefix: expected 1 to 64 of .*, got "/);
  });

  test.each([
    ["connectTimeout", 99],
    ["connectTimeout", "1000"],
    ["pingInterval", 60_001],
    ["pingInterval", Number.NaN],
  ])("%s %j is refused", (name, value) => {
    expect(refused({ servers: "h", [name]: value })).toBe(
      `nats options.${name}: expected milliseconds from 100 to 60000, got ${value}`,
    );
  });

  test.each([[0], [6], [1.5], ["3"]])("replicas %j is refused", (replicas) => {
    const text = `nats options.replicas: expected a whole number from 1 to 5, got ${replicas}`;
    expect(refused({ servers: "h", replicas })).toBe(text);
  });

  test("a name that is no option is refused", () => {
    expect(refused({ servers: "h", url: "x" })).toMatch(
      /^nats options: expected servers, prefix, .*, got url$/,
    );
  });
});
