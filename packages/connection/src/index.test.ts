import { type Application, prepare, type Receive, type Send, type WebSocketScope } from "@ws/events";
import { expect, expectTypeOf, test } from "vitest";
import type {
  AcceptOptions,
  Contract,
  Denial,
  HeadersInput,
  JsonLimits,
  JsonOptions,
  ReadonlyHeaders,
  Schema,
  WaitOptions,
} from "./index.js";
import * as root from "./index.js";

// A change to these lists is a change to the public interface.

test("the root exports these names at run time", () => {
  expect(Object.keys(root).sort()).toEqual(["Connection", "readCookies"]);
});

test("a connection has these members", () => {
  const names = new Set<string>();
  const { prototype } = root.Connection;
  for (const level of [prototype, Object.getPrototypeOf(prototype)]) {
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  }
  expect(Object.getOwnPropertySymbols(prototype)).toEqual([Symbol.asyncIterator, Symbol.asyncDispose]);
  expect([...names].sort()).toEqual([
    "accept",
    "applicationState",
    "bytes",
    "client",
    "clientState",
    "close",
    "closed",
    "constructor",
    "cookies",
    "deny",
    "headers",
    "json",
    "jsonb",
    "params",
    "path",
    "query",
    "queryString",
    "receive",
    "receiveBytes",
    "receiveJson",
    "receiveJsonb",
    "receiveText",
    "send",
    "sendBytes",
    "sendJson",
    "sendJsonb",
    "sendText",
    "signal",
    "state",
    "subprotocols",
    "text",
    "url",
    "with",
  ]);
});

test("a connection takes exactly what an application is given", () => {
  expectTypeOf(root.Connection).toBeConstructibleWith({} as WebSocketScope, {} as Receive, {} as Send);
  expectTypeOf<ConstructorParameters<typeof root.Connection>["length"]>().toEqualTypeOf<3>();
  expectTypeOf<Parameters<Application>[1]>().toEqualTypeOf<Receive>();
});

test("its types say what it takes and gives", () => {
  type Socket = root.Connection<{ users: number }>;
  expectTypeOf<Socket["state"]>().toEqualTypeOf<{ users: number }>();
  expectTypeOf<root.Connection["state"]>().toEqualTypeOf<Record<string, unknown>>();
  expectTypeOf<Socket["url"]>().toEqualTypeOf<URL>();
  expectTypeOf<Socket["query"]>().toEqualTypeOf<URLSearchParams>();
  expectTypeOf<Socket["headers"]>().toEqualTypeOf<ReadonlyHeaders>();
  expectTypeOf<Socket["clientState"]>().toEqualTypeOf<"connecting" | "connected" | "disconnected">();
  expectTypeOf<Socket["applicationState"]>().toEqualTypeOf<
    "connecting" | "connected" | "denying" | "disconnected"
  >();
  expectTypeOf<JsonOptions>().toExtend<WaitOptions & JsonLimits>();
  expectTypeOf<Headers | [string, string][] | Record<string, string>>().toExtend<HeadersInput>();
  expectTypeOf<Response>().toExtend<Parameters<Socket["deny"]>[0]>();
  expectTypeOf<{ status: 404 }>().toExtend<Denial>();
  expectTypeOf<AcceptOptions>().toExtend<Parameters<Socket["accept"]>[0]>();
  expectTypeOf(prepare({ type: "websocket.send", text: "a" })).toExtend<Parameters<Socket["send"]>[0]>();
  expectTypeOf<Contract<Schema, Schema>["send"]>().toEqualTypeOf<Schema>();
});

test("a wrong message does not compile", () => {
  type Socket = root.Connection;
  expectTypeOf<{ type: "websocket.send" }>().not.toExtend<Parameters<Socket["send"]>[0]>();
  expectTypeOf<Parameters<Socket["sendText"]>>().toEqualTypeOf<[text: string]>();
  expectTypeOf<Parameters<Socket["sendBytes"]>>().toEqualTypeOf<[bytes: Uint8Array]>();
});
