import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "./untaken-calls.fixture.js";

const program = fileURLToPath(new URL("untaken-calls.fixture.ts", import.meta.url));
let outcomes: ReadonlyMap<string, Outcome>;
let end: { readonly code: unknown; readonly errors: string };

beforeAll(async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "--conditions=@ws/source", program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [lines, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  const parsed = lines
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome);
  outcomes = new Map(parsed.map((outcome) => [outcome.name, outcome]));
  end = { code, errors };
});

const message = "a call failed and nobody awaited it";

/** Of each case the call that fails. */
const closed = {
  "sendText and then accept": "sendText",
  "sendText that is no Unicode": "sendText",
  "sendBytes of no bytes": "sendBytes",
  "sendJson of NaN": "sendJson",
  "sendJsonb of undefined": "sendJsonb",
  "send of no event": "send",
  "close with a bad code": "close",
  "accept twice": "accept",
  "receiveText before accept": "receiveText",
  "receiveText of bytes": "receiveText",
  "receiveJson of bytes": "receiveJson",
  "receiveJsonb of no JSON": "receiveJsonb",
  "next of bytes": "next",
  "receiveText that is awaited too late": "receiveText",
  "receive with a signal": "receive",
  "a typed send": "send",
  "a typed send whose schema takes its time": "send",
  "a typed receive whose schema takes its time": "receiveJson",
  "a chain without a rejection handler": "sendText",
  "a chain that ends with finally": "sendText",
  "a send through a middleware's async function": "sendText",
  "a send through our middleware": "sendText",
  "a raw send": "send",
  "a raw send through our middleware": "send",
};

test("fault 188: a process without a listener to unhandled rejections serves on after every such mistake, and exits 0", () => {
  expect(end).toEqual({ code: 0, errors: "" });
  expect([...outcomes.values()].map(({ next }) => next)).toEqual(Array(outcomes.size).fill("hello"));
});

describe("fault 188: a call that failed and that nobody awaited", () => {
  test.each(Object.entries(closed))(
    "%s: closes with 1011 and is logged once, with path and call",
    (name, call) => {
      const outcome = outcomes.get(name);
      expect(outcome?.logged).toEqual([{ message, path: "/mistake/", call }]);
      expect(outcome?.code).toBe(1011);
    },
  );

  test.each([
    ["sendText before accept", "sendText"],
    ["accept of a subprotocol that was not offered", "accept"],
    ["deny with a bad status", "deny"],
  ])("%s: is logged too where the view has returned", (name, call) => {
    expect(outcomes.get(name)?.logged).toContainEqual({ message, path: "/mistake/", call });
    expect(outcomes.get(name)?.code).toBe(403);
  });
});

test.each([
  "one that is caught",
  "several, of which all are awaited",
  "one that an async function gives on, and is caught there",
  "one that is awaited within the turn",
])("fault 188: %s stays the application's, and the connection open", (name) => {
  expect(outcomes.get(name)).toMatchObject({ code: 1000, received: ["still here"], logged: [] });
});

test.each(["a send to a client that left", "a raw send to a client that left, through our middleware"])(
  "fault 188: %s is no news",
  (name) => {
    expect(outcomes.get(name)).toMatchObject({ code: 1006, logged: [] });
  },
);
