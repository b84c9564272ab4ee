import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { Server } from "@ws/server";
import { WebSocket } from "ws";
import { start } from "./main.js";

let server: Server;
let proxy: ChildProcess;
let host = "";

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  await once(probe, "close");
  return port;
}

/** Waits until something listens there. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await setTimeout(20);
  }
}

before(async () => {
  server = await start(0, 1_000);
  const port = await freePort();
  host = `127.0.0.1:${port}`;
  const folder = await mkdtemp(join(tmpdir(), "ws-proxy-"));
  // The file as it is, but for the ports and an idle time that a test can wait for.
  const text = (await readFile("nginx.conf", "utf8"))
    .replaceAll("127.0.0.1:8000", server.url.slice("http://".length))
    .replaceAll("127.0.0.1:8080", host)
    .replaceAll(/\b60s/g, "4s");
  const file = join(folder, "nginx.conf");
  await writeFile(file, text);
  const given = ["-p", folder, "-c", file, "-g", "daemon off;"];
  const env = { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin` };
  proxy = spawn("nginx", given, { env, stdio: ["ignore", "ignore", "inherit"] });
  await listening(port);
});

after(async () => {
  await server.close({ grace: 1_000 });
  proxy.kill("SIGTERM");
});

test("an echo, and a message of 1 MiB", async () => {
  const client = new WebSocket(`ws://${host}/echo/`, { origin: `http://${host}` });
  await once(client, "open");
  client.send("hello");
  assert.equal(String((await once(client, "message"))[0]), "hello");
  const large = Buffer.alloc(1_048_576, "x");
  client.send(large);
  assert.ok(large.equals((await once(client, "message"))[0]));
  client.terminate();
});

test("requests of pages go through as well", async () => {
  assert.equal(await (await fetch(`http://${host}/`)).text(), "A page");
});

test("a connection that is silent for longer than the proxy's idle time lives on: the server pings", async () => {
  const client = new WebSocket(`ws://${host}/echo/`);
  await once(client, "open");
  await setTimeout(8_000); // twice the idle time
  client.send("still here");
  assert.equal(String((await once(client, "message"))[0]), "still here");
  client.terminate();
});

test("the client's address is that of the client, whatever it claims, and the host is the proxy's", async () => {
  const client = new WebSocket(`ws://${host}/who/`, { headers: { "x-forwarded-for": "203.0.113.9" } });
  const who = JSON.parse(String((await once(client, "message"))[0]));
  assert.deepEqual(who, { client: "127.0.0.1", host });
  client.terminate();
});

test("a page of another site is refused, through the proxy too", async () => {
  const client = new WebSocket(`ws://${host}/echo/`, { origin: "https://evil.example" });
  assert.match(String((await once(client, "error"))[0]), /403/);
});

test("a path that nobody serves is answered at once", async () => {
  const client = new WebSocket(`ws://${host}/nowhere/`);
  assert.match(String((await once(client, "error"))[0]), /404/);
});

test("the close code of a restart reaches the client", async () => {
  const client = new WebSocket(`ws://${host}/echo/`);
  await once(client, "open");
  const closed = once(client, "close");
  await server.close();
  assert.equal((await closed)[0], 1012);
});
