import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { createClient } from "@redis/client";
import { WebSocket } from "ws";

const programs: ChildProcess[] = [];
let primary: ChildProcess;
let url = "";

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
  const redis = `redis://127.0.0.1:${port}`;
  const probe = createClient({ url: redis }); // tries until Redis answers
  probe.on("error", () => {});
  await probe.connect();
  await probe.close();
  const env = { ...process.env, WORKERS: "2", PORT: `${await freePort()}`, REDIS_URL: redis };
  const program = spawn(process.execPath, ["--import", "tsx", "main.ts"], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  primary = program;
  programs.push(program);
  const [line] = await once(program.stdout, "data");
  assert.match(String(line), /in 2 processes/);
  url = /http:[^,]+/.exec(String(line))?.[0].replace("http", "ws") ?? "";
});
after(() => {
  for (const program of programs.reverse()) program.kill("SIGTERM");
});

interface Told {
  readonly from: string;
  readonly text: string;
  /** The id of the process that took it. */
  readonly by: number;
}

/** A client, what it has heard, and which process it is connected to. */
class Client {
  readonly socket: WebSocket;
  readonly heard: Told[] = [];

  constructor(name: string) {
    this.socket = new WebSocket(`${url}/chat/lobby/${name}/`);
    this.socket.on("message", (data) => this.heard.push(JSON.parse(String(data))));
  }

  /** What this client has heard of one, at the latest when it comes. */
  async hear(from: string, text: string): Promise<Told> {
    for (;;) {
      const told = this.heard.find((each) => each.from === from && each.text === text);
      if (told !== undefined) return told;
      await once(this.socket, "message");
    }
  }
}

/** A client whose handshake has been answered. While a process is replaced one may be refused: it comes again, as @ws/client does. */
async function enter(name: string): Promise<[client: Client, by: number]> {
  for (;;) {
    const client = new Client(name);
    try {
      const { by } = await client.hear(name, "is here");
      return [client, by];
    } catch {
      client.socket.terminate();
    }
  }
}

test("what is said in one process is heard in the other, a process that dies is replaced, and all end with 1012", async () => {
  // The primary gives connections out in turn.
  const [ann, first] = await enter("ann");
  const [bob, second] = await enter("bob");
  assert.notEqual(first, second);
  ann.socket.send(JSON.stringify({ text: "hello" }));
  assert.equal((await bob.hear("ann", "hello")).by, first);

  const lost = once(ann.socket, "close");
  const replaced = once(primary.stdout as Readable, "data");
  process.kill(first, "SIGKILL");
  assert.equal((await lost)[0], 1006);
  assert.match(String((await replaced)[0]), /replaced/);
  // The primary gives connections out in turn: one of two comes to the new process.
  let index = 0;
  let [back, by] = await enter("cy0");
  while (by === second) {
    index += 1;
    [back, by] = await enter(`cy${index}`);
  }
  assert.notEqual(by, first);
  back.socket.send(JSON.stringify({ text: "again" }));
  assert.equal((await bob.hear(`cy${index}`, "again")).by, by);

  const closes = [bob, back].map(({ socket }) => once(socket, "close"));
  const ended = once(primary, "exit");
  primary.kill("SIGTERM");
  assert.deepEqual(
    (await Promise.all(closes)).map(([code]) => code),
    [1012, 1012],
  );
  assert.deepEqual(await ended, [0, null]);
});
