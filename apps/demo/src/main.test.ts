import { once } from "node:events";
import { request } from "node:http";
import type { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { addressIn, run, runByCommand } from "./run.fixture.js";

/** The raw socket of a WebSocket after its handshake. */
async function openSocket(url: string): Promise<Duplex> {
  const headers = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const [, socket] = (await once(request(url, { headers }).end(), "upgrade")) as [unknown, Duplex];
  return socket;
}

test("prints the address to open, serves there, and drains and exits with 0 on SIGTERM", async () => {
  const demo = run({ PORT: "0" });
  const { child, ended } = demo;
  const line = await demo.line(0);
  expect(line).toMatch(/^Open http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  const url = addressIn(line);
  const response = await fetch(url);
  expect(await response.text()).toContain("<title>@ws demo</title>");
  const socket = await openSocket(`${url}/ws/`);
  child.kill("SIGTERM");
  const [frame] = (await once(socket, "data")) as [Buffer];
  // A close frame (0x88) with the code 1012.
  expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, 1012]);
  socket.destroy();
  expect(await ended).toMatchObject({ code: 0, stdout: `${line}\n` });
});

test("npm run demo runs it by ws-serve --reload: the page is served, sockets drain, and the exit code is 0", async () => {
  const demo = runByCommand({ PORT: "0" });
  const url = addressIn(await demo.line(0));
  const response = await fetch(url);
  expect(await response.text()).toContain("<title>@ws demo</title>");
  const host = `evil.com:${new URL(url).port}`;
  const [refused] = await once(request(url, { headers: { host } }).end(), "response");
  refused.resume();
  expect(refused.statusCode).toBe(421);
  const socket = await openSocket(`${url}/ws/`);
  demo.child.kill("SIGTERM");
  const [frame] = (await once(socket, "data")) as [Buffer];
  expect([frame[0], frame.readUInt16BE(2)]).toEqual([0x88, 1012]);
  socket.destroy();
  expect(await demo.ended).toMatchObject({ code: 0, stdout: `Open ${url}\n` });
});

test("fault 181: a page of a name that was rebound to 127.0.0.1 gets 421, its socket too", async () => {
  const demo = run({ PORT: "0" });
  const url = addressIn(await demo.line(0));
  const ask = async (headers: Readonly<Record<string, string>>): Promise<unknown> => {
    const [response] = await once(request(`${url}/ws/`, { headers }).end(), "response");
    response.resume();
    return response.statusCode;
  };
  const host = `evil.com:${new URL(url).port}`;
  expect(await ask({ host })).toBe(421);
  const handshake = {
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  expect(await ask({ ...handshake, host, origin: `http://${host}` })).toBe(421);
  demo.child.kill("SIGTERM");
  await demo.ended;
});

test("says in one line that the port is in use, and exits with 1", async () => {
  const first = run({ PORT: "0" });
  const { port } = new URL(addressIn(await first.line(0)));
  const second = await run({ PORT: port }).ended;
  const line = `Cannot listen on 127.0.0.1 port ${port}: the port is in use; stop what listens there, or choose another PORT.\n`;
  expect(second).toEqual({ code: 1, stdout: "", stderr: line });
});

test("says in one line that it has no such address, and exits with 1", async () => {
  // 192.0.2.0/24 is for documentation and nobody's: RFC 5737.
  const { code, stderr } = await run({ HOST: "192.0.2.1" }).ended;
  const line =
    "Cannot listen on 192.0.2.1 port 8000: this machine has no such address; choose another HOST.\n";
  expect({ code, stderr }).toEqual({ code: 1, stderr: line });
});

test("says what is wrong in its environment, one line each, and exits with 1", async () => {
  const { code, stdout, stderr } = await run({ PORT: "http", LOG_LEVEL: "loud" }).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr.split("\n")).toEqual([
    'PORT: expected a whole number from 0 to 65535, got "http"',
    'LOG_LEVEL: expected one of debug, info, warn, error, silent, got "loud"',
    "",
  ]);
});

test.each(["redis", "nats"])("says in one line that it can't reach %s, and exits with 1", async (scheme) => {
  // Port 1 is tcpmux, which nobody runs: RFC 1078.
  const { code, stdout, stderr } = await run({ PORT: "0", BROADCAST: `${scheme}://ada:secret@127.0.0.1:1` })
    .ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^start-up failed: .*127\.0\.0\.1:1\b.* BROADCAST says where the engine is\.\n$/);
  expect(stderr).not.toContain("secret");
});
