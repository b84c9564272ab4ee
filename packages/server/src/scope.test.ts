import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { asgi, httpScope, peerOf, type ScopeParts, webSocketScope } from "./scope.js";

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
    farEnd: { client: { host: "9.9.9.9", port: 0 }, isSecure: false },
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

describe("the far end of a socket", () => {
  test("is its remote address", () => {
    expect(peerOf(socketOf(ends))).toEqual({ client: { host: "1.2.3.4", port: 5 }, isSecure: false });
  });

  test("is nobody on a unix socket, in memory, or where the address is only half known", () => {
    for (const tells of [{}, { remoteAddress: "1.2.3.4" }, { remotePort: 5 }]) {
      expect(peerOf(socketOf(tells)).client).toBeNull();
    }
  });

  test("is secure under TLS", () => {
    expect(peerOf(socketOf({ encrypted: true })).isSecure).toBe(true);
    expect(peerOf(socketOf({ encrypted: undefined })).isSecure).toBe(false);
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

  test("is wss where the far end is secure", () => {
    expect(webSocketScope(partsOf({ farEnd: { client: null, isSecure: true } }), [])).toMatchObject({
      scheme: "wss",
      client: null,
    });
  });

  test("has no server on a unix socket", () => {
    expect(webSocketScope(partsOf({}, {}), []).server).toBeNull();
  });
});

describe("an HTTP scope", () => {
  test("has a method in place of the subprotocols", () => {
    expect(httpScope(partsOf())).toEqual({ type: "http", scheme: "http", method: "POST", ...shared });
  });

  test("is https where the far end is secure", () => {
    expect(httpScope(partsOf({ farEnd: { client: null, isSecure: true } })).scheme).toBe("https");
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
