import { loopback } from "@ws/testing";
import { expect, test } from "vitest";
import { allowedHosts } from "../allowed-hosts.js";
import { echo } from "../echo.fixture.js";
import { exchange, handshake, statusOf } from "./wire.fixture.js";

test("fault 15: a Host that is not on the list, as after DNS rebinding, gets 421 before the application", async () => {
  let called = 0;
  const application = allowedHosts(["good.com", ".good.org"])(async (...parts) => {
    if (parts[0].type === "websocket") called += 1;
    await echo(...parts);
  });
  const endpoint = await loopback.start(application, { closeTimeout: 50, pingInterval: 0 });
  const statusAt = async (host: string): Promise<number> => {
    const request = handshake().replace("Host: localhost", `Host: ${host}`);
    // A close frame behind it, so that one that is let in ends.
    const close = Buffer.from([0x88, 0x80, 0, 0, 0, 0]);
    return statusOf(await exchange(endpoint, Buffer.concat([Buffer.from(request), close])));
  };
  for (const host of ["evil.com", "good.com.evil.com", "evilgood.com", "127.0.0.1", "[::1]", "good.com."]) {
    expect(await statusAt(host), host).toBe(421);
  }
  expect(called).toBe(0);
  for (const host of ["good.com", "GOOD.com:8000", "a.good.org"])
    expect(await statusAt(host), host).toBe(101);
  expect(called).toBe(3);
  await endpoint.close();
});
