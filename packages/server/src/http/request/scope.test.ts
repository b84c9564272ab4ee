import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { peerAt } from "../../gateway/origin.fixture.js";
import { asgi, httpScope, type ScopeParts, webSocketScope } from "./scope.js";

const ends = {
  remoteAddress: "1.2.3.4",
  remotePort: 5,
  localAddress: "10.0.0.1",
  localPort: 80,
};

/** A socket that tells this of itself. */
function socketOf(tells: object): Socket {
  return Object.assign(new Duplex(), tells) as Socket;
}

function partsOf(changes: Partial<ScopeParts> = {}, tells: object = ends): ScopeParts {
  const request = new IncomingMessage(socketOf(tells));
  request.httpVersion = "1.1";
  return {
    request,
    head: {
      method: "POST",
      target: { path: "/a b", rawPath: "/a%20b", queryString: "c=d" },
      headers: [["host", "example.com"]],
    },
    peer: { ...peerAt("9.9.9.9"), client: { host: "9.9.9.9", port: 0 } },
    rootPath: "/root",
    state: {},
    extensions: {},
    ...changes,
  };
}

const shared = {
  asgi: { version: "3.0", specVersion: "2.5" },
  httpVersion: "1.1",
  path: "/a b",
  rawPath: "/a%20b",
  queryString: "c=d",
  rootPath: "/root",
  headers: [["host", "example.com"]],
  client: { host: "9.9.9.9", port: 0 },
  server: { host: "10.0.0.1", port: 80 },
  state: {},
  extensions: {},
};

describe("the version", () => {
  test("can't be changed by an application for all the others", () => {
    expect(Object.isFrozen(asgi)).toBe(true);
  });
});

describe("a WebSocket scope", () => {
  test("has all that the contract says, and nothing else", () => {
    expect(webSocketScope(partsOf(), ["chat"])).toEqual({
      type: "websocket",
      scheme: "ws",
      subprotocols: ["chat"],
      ...shared,
    });
  });

  test("is wss where the peer speaks TLS", () => {
    expect(webSocketScope(partsOf({ peer: { ...peerAt("9.9.9.9", true), client: null } }), [])).toMatchObject(
      {
        scheme: "wss",
        client: null,
      },
    );
  });

  test("has no server on a unix socket", () => {
    expect(webSocketScope(partsOf({}, {}), []).server).toBeNull();
  });

  test("has the server of its own socket, in one object for all that have the same", () => {
    const serverOf = (tells: object): unknown => webSocketScope(partsOf({}, tells), []).server;
    const first = serverOf(ends);
    expect(serverOf(ends)).toBe(first);
    expect(Object.isFrozen(first)).toBe(true);
    expect(serverOf({ ...ends, localPort: 81 })).toEqual({ host: "10.0.0.1", port: 81 });
    expect(serverOf({ ...ends, localAddress: "10.0.0.2" })).toEqual({ host: "10.0.0.2", port: 80 });
    expect(serverOf({})).toBeNull();
    expect(serverOf(ends)).toEqual(first);
  });
});

describe("an HTTP scope", () => {
  test("has a method in place of the subprotocols", () => {
    expect(httpScope(partsOf())).toEqual({ type: "http", scheme: "http", method: "POST", ...shared });
  });

  test("is https where the peer speaks TLS", () => {
    expect(httpScope(partsOf({ peer: { ...peerAt("9.9.9.9", true), client: null } })).scheme).toBe("https");
  });
});

describe("the state", () => {
  test("is a shallow copy for each scope", () => {
    const pool = { size: 5 };
    const parts = partsOf({ state: { pool } });
    const first = webSocketScope(parts, []);
    first.state["own"] = 1;
    expect(first.state["pool"]).toBe(pool);
    expect(webSocketScope(parts, []).state).toEqual({ pool });
    expect(httpScope(parts).state).toEqual({ pool });
  });
});
