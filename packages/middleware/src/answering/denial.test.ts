import { Driver } from "@ws/testing/driver";
import { expect, test } from "vitest";
import { connect, disconnect, httpScope, webSocketScope } from "../events.fixture.js";
import { deny, refuse } from "./denial.js";

const denial = { status: 401, headers: [["www-authenticate", "Bearer"]] } as const;
const headers = [
  ["www-authenticate", "Bearer"],
  ["content-length", "0"],
];

test("a WebSocket is refused after websocket.connect, with a response that has no body", async () => {
  const server = new Driver(connect, disconnect);
  await refuse(webSocketScope(), server.receive, server.send, denial);
  expect(server.asked).toBe(1);
  expect(server.sent).toEqual([
    { type: "websocket.http.response.start", status: 401, headers },
    { type: "websocket.http.response.body" },
  ]);
});

test("where the server can't deny, it is refused with a close", async () => {
  const server = new Driver(connect, disconnect);
  await refuse(webSocketScope({ extensions: {} }), server.receive, server.send, denial);
  expect(server.asked).toBe(1);
  expect(server.sent).toEqual([{ type: "websocket.close" }]);
});

test("an HTTP request is answered without reading its body", async () => {
  const server = new Driver({ type: "http.disconnect" });
  await refuse(httpScope(), server.receive, server.send, denial);
  expect(server.asked).toBe(0);
  expect(server.sent).toEqual([
    { type: "http.response.start", status: 401, headers },
    { type: "http.response.body" },
  ]);
});

test("deny reads nothing: websocket.connect may have been read", async () => {
  const server = new Driver(connect);
  await deny(webSocketScope(), server.send, { status: 500 });
  expect(server.asked).toBe(0);
  expect(server.sent[0]).toMatchObject({ status: 500, headers: [["content-length", "0"]] });
});
