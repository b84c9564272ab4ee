import { createServer } from "node:http";
import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { systemClock } from "../platform/system-clock.js";
import { TrustedProxies } from "../proxies/proxy.js";
import { KeptLog, untilClosed } from "../raw.fixture.js";
import { ProxyProtocol } from "./proxy-protocol.js";

test("a connection that TLS shows and that was reset, so that it has no name, is cut off", async () => {
  const httpServer = createServer();
  const proxies = new TrustedProxies(["unix"]);
  new ProxyProtocol(httpServer, {
    proxies,
    timeout: 1_000,
    clock: systemClock,
    logger: new KeptLog(),
  }).close();
  const socket = new Duplex({ read() {}, write() {} });
  const closed = untilClosed(socket);
  httpServer.emit("secureConnection", socket);
  await closed;
  expect(socket.destroyed).toBe(true);
});
