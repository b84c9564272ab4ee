import type { SendEvent } from "@ws/events";
import { describe, expect, test } from "vitest";
import { rejection } from "./events.fixture.js";
import { type Denial, denialEvents, toHeaderList } from "./response.js";

async function eventsOf(denial: Denial | Response): Promise<SendEvent[]> {
  const events: SendEvent[] = [];
  for await (const event of denialEvents(denial as Denial)) events.push(event);
  return events;
}

const start = (status: number, ...headers: readonly (readonly [string, string])[]): SendEvent => ({
  type: "websocket.http.response.start",
  status,
  headers,
});
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const end: SendEvent = { type: "websocket.http.response.body" };

describe("header lines", () => {
  test("may be pairs: order, case and duplicates are kept", () => {
    const pairs = [
      ["X-B", "1"],
      ["a", "2"],
      ["X-B", "3"],
    ] as const;
    expect(toHeaderList(pairs)).toEqual(pairs);
    expect(toHeaderList(new Map([["a", "1"]]))).toEqual([["a", "1"]]);
  });

  test("may be a record", () => {
    expect(toHeaderList({ b: "1", a: "2" })).toEqual([
      ["b", "1"],
      ["a", "2"],
    ]);
    expect(toHeaderList({})).toEqual([]);
  });

  test("may be the platform's Headers, in which each Set-Cookie is a line of its own", () => {
    const headers = new Headers([
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
      ["x-a", "1"],
    ]);
    expect(toHeaderList(headers)).toEqual([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["x-a", "1"],
    ]);
  });
});

describe("a denial", () => {
  test("without a body is a start and an empty body, and says that it is", async () => {
    const none = start(404, ["content-length", "0"]);
    const empty = { type: "websocket.http.response.body", body: new Uint8Array() };
    expect(await eventsOf({ status: 404 })).toEqual([none, empty]);
    expect(await eventsOf({ status: 404, body: null })).toEqual([none, empty]);
    expect(await eventsOf(new Response(null, { status: 404 }))).toEqual([none, empty]);
  });

  test("with a text is UTF-8 and plain, unless a header says otherwise, in whatever case", async () => {
    const body = { type: "websocket.http.response.body", body: utf8("müde") };
    expect(await eventsOf({ status: 429, body: "müde", headers: { "retry-after": "1" } })).toEqual([
      start(
        429,
        ["retry-after", "1"],
        ["content-type", "text/plain; charset=utf-8"],
        ["content-length", "5"],
      ),
      body,
    ]);
    const headers = { "Content-Type": "text/html", "Content-Length": "5" };
    expect(await eventsOf({ status: 429, body: "müde", headers })).toEqual([
      start(429, ["Content-Type", "text/html"], ["Content-Length", "5"]),
      body,
    ]);
  });

  test("with bytes is those bytes, without a type of its own", async () => {
    const body = Uint8Array.of(0, 255);
    expect(await eventsOf({ status: 500, body })).toEqual([
      start(500, ["content-length", "2"]),
      { type: "websocket.http.response.body", body },
    ]);
  });

  test("with a stream is sent part by part, then ended", async () => {
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield utf8("a");
      yield utf8("b");
    }
    expect(await eventsOf({ status: 403, body: parts() })).toEqual([
      start(403),
      { type: "websocket.http.response.body", body: utf8("a"), moreBody: true },
      { type: "websocket.http.response.body", body: utf8("b"), moreBody: true },
      end,
    ]);
  });

  test("may be a platform Response", async () => {
    const response = Response.json(
      { error: "no" },
      { status: 401, headers: { "www-authenticate": "Bearer" } },
    );
    expect(await eventsOf(response)).toEqual([
      start(401, ["content-type", "application/json"], ["www-authenticate", "Bearer"]),
      { type: "websocket.http.response.body", body: utf8('{"error":"no"}'), moreBody: true },
      end,
    ]);
  });

  test("whose stream fails is not ended as if it were complete", async () => {
    const broken = new Error("the disk is gone");
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield utf8("a");
      throw broken;
    }
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const event of denialEvents({ status: 403, body: parts() })) seen.push(event.type);
    };
    expect(await rejection(read())).toBe(broken);
    expect(seen).toEqual(["websocket.http.response.start", "websocket.http.response.body"]);
  });

  test("that nobody takes to the end cancels its stream", async () => {
    let reason: unknown = "not cancelled";
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(utf8("a")),
      cancel: () => {
        reason = "cancelled";
      },
    });
    for await (const event of denialEvents(new Response(stream, { status: 403 }) as Denial)) {
      if (event.type === "websocket.http.response.body") break;
    }
    expect(reason).toBe("cancelled");
  });
});
