import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { createClient } from "@redis/client";
import { WebSocket } from "ws";

const programs: ChildProcess[] = [];
const urls: string[] = [];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

before(async () => {
  const port = await freePort();
  programs.push(
    spawn("redis-server", ["--port", `${port}`, "--bind", "127.0.0.1", "--save", ""], { stdio: "ignore" }),
  );
  const url = `redis://127.0.0.1:${port}`;
  const probe = createClient({ url }); // tries until Redis answers
  probe.on("error", () => {});
  await probe.connect();
  await probe.close();
  for (let index = 0; index < 3; index += 1) {
    const env = { ...process.env, PORT: "0", REDIS_URL: url };
    const program = spawn(process.execPath, ["--import", "tsx", "main.ts"], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    programs.push(program);
    const [line] = await once(program.stdout, "data");
    urls.push(/http:\S+/.exec(String(line))?.[0].replace("http", "ws") ?? "");
  }
});
after(() => {
  for (const program of programs.reverse()) program.kill("SIGTERM");
});

test("what is said in one process is heard in all three", async () => {
  const names = ["ann", "bob", "cy"];
  const clients: WebSocket[] = [];
  const heard: string[][] = names.map(() => []);
  for (const [index, name] of names.entries()) {
    const client = new WebSocket(`${urls[index]}/chat/lobby/${name}/`);
    clients.push(client);
    client.on("message", (data) => {
      const { from, text } = JSON.parse(String(data)) as { from: string; text: string };
      heard[index]?.push(`${from} ${text}`);
    });
    await once(client, "message"); // its own "is here"
  }
  clients[0]?.send(JSON.stringify({ text: "hello" }));
  for (const [index, client] of clients.entries()) {
    while (!heard[index]?.includes("ann hello")) await once(client, "message");
  }
  assert.deepEqual(heard[2], ["cy is here", "ann hello"]);
  for (const client of clients) client.close();
});
