import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { type Command, folderOf, started } from "./command.fixture.js";

/** Bundled by tools/bundle-programs.mjs. */
const program = fileURLToPath(new URL("../reports/rolling-deploy.fixture.mjs", import.meta.url));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A redis-server of its own; gives its address. */
async function startRedis(): Promise<string> {
  const port = await freePort();
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", folderOf({})];
  const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void server.kill("SIGKILL"));
  for await (const chunk of server.stdout) if (String(chunk).includes("Ready to accept")) break;
  return `redis://127.0.0.1:${port}`;
}

interface Position {
  readonly epoch: string;
  readonly sequence: number;
}

/** A client as it should be: it comes back at once, resumes by its position, and publishes again what was not confirmed. */
class Client {
  readonly name: string;
  readonly received: Map<string, number> = new Map();
  readonly published: string[] = [];
  /** The rolls in which it was closed, and all that went wrong. */
  readonly closes: { readonly roll: number; readonly code: number }[] = [];
  readonly mistakes: string[] = [];
  readonly #url: string;
  readonly #roll: () => number;
  readonly #unconfirmed: Set<string> = new Set();
  #from: Position | undefined;
  #socket: WebSocket | undefined;
  #isOver = false;
  #began!: () => void;
  readonly began: Promise<void>;

  constructor(name: string, url: string, roll: () => number) {
    this.name = name;
    this.#url = url;
    this.#roll = roll;
    this.began = new Promise((resolve) => {
      this.#began = resolve;
    });
    this.#connect();
  }

  get isIdle(): boolean {
    return this.#unconfirmed.size === 0;
  }

  publish(): void {
    const id = `${this.name}.${this.published.length}`;
    this.published.push(id);
    this.#unconfirmed.add(id);
    this.#say(id);
  }

  close(): void {
    this.#isOver = true;
    this.#socket?.close();
  }

  #connect(): void {
    const socket = new WebSocket(this.#url);
    let isOpen = false;
    let isBegun = false;
    socket.on("open", () => {
      isOpen = true;
      socket.send(JSON.stringify({ from: this.#from }));
    });
    socket.on("error", (error) => {
      if (!isOpen) this.mistakes.push(`refused: ${error.message}`);
    });
    socket.on("message", (data) => {
      const told = JSON.parse(String(data));
      if (told.published !== undefined) this.#unconfirmed.delete(told.published);
      else if (told.began === undefined) this.#receive(told);
      else {
        if (!told.began) this.mistakes.push("not recovered");
        isBegun = true;
        this.#socket = socket;
        this.#began();
        for (const id of this.#unconfirmed) this.#say(id);
      }
    });
    socket.on("close", (code) => {
      if (this.#isOver) return;
      if (isBegun || isOpen) this.closes.push({ roll: this.#roll(), code });
      this.#socket = undefined;
      this.#connect();
    });
  }

  #receive({ message, epoch, sequence }: Position & { readonly message: { readonly id: string } }): void {
    this.#from = { epoch, sequence };
    this.received.set(message.id, (this.received.get(message.id) ?? 0) + 1);
  }

  #say(id: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify({ id }));
  }
}

const rolls = Number(process.env["ROLLS"] ?? 10);
const rooms = 10;
const clientsPerRoom = 20;
const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

test.runIf(hasRedis)(
  "ten rolling restarts of four workers under load: 200 clients on Redis lose nothing, get nothing twice, and are closed at most once a roll",
  async () => {
    const folder = folderOf({ "app.mjs": `export { default } from ${JSON.stringify(program)};` });
    const command: Command & { readonly address: string } = await started(
      ["app.mjs", "--workers", "4", "--drain", "1s"],
      { folder, env: { REDIS_URL: await startRedis() } },
    );
    let roll = 0;
    const clients = Array.from({ length: rooms }, (_, room) =>
      Array.from(
        { length: clientsPerRoom },
        (_unused, index) =>
          new Client(
            `${room}.${index}`,
            `${command.address.replace("http", "ws")}/room/${room}/`,
            () => roll,
          ),
      ),
    );
    const all = clients.flat();
    await Promise.all(all.map(({ began }) => began));
    // Fifty messages a second, each to twenty clients.
    let next = 0;
    const load = setInterval(() => {
      all[next % all.length]?.publish();
      next += 7;
    }, 20);
    onTestFinished(() => clearInterval(load));
    for (roll = 1; roll <= rolls; roll += 1) {
      command.signal("SIGHUP");
      await command.said(new RegExp(`(restarted[\\s\\S]*){${roll}}`));
    }
    clearInterval(load);
    await expect.poll(() => all.filter(({ isIdle }) => !isIdle).length).toBe(0);
    const missing = (): number => {
      let count = 0;
      for (const members of clients) {
        const ids = members.flatMap(({ published }) => published);
        for (const { received } of members) count += ids.filter((id) => !received.has(id)).length;
      }
      return count;
    };
    await expect.poll(missing).toBe(0);
    // What came twice would come soon after.
    await pause(1_000);
    const twice = all.flatMap(({ received }) => [...received.values()].filter((times) => times > 1));
    const perRoll = all.flatMap(({ closes }) =>
      Array.from({ length: rolls }, (_, index) => closes.filter((close) => close.roll === index + 1).length),
    );
    const sent = all.reduce((sum, { published }) => sum + published.length, 0);
    const closed = perRoll.reduce((sum, count) => sum + count, 0);
    process.stdout.write(`published ${sent}, closes ${closed} in ${rolls} rolls of ${all.length} clients\n`);
    expect(twice).toEqual([]);
    expect(all.flatMap(({ mistakes }) => mistakes)).toEqual([]);
    expect(new Set(all.flatMap(({ closes }) => closes.map(({ code }) => code)))).toEqual(new Set([1012]));
    expect(Math.max(...perRoll)).toBe(1);
    expect(sent).toBeGreaterThan(100);
    for (const client of all) client.close();
    expect(await command.end()).toBe(0);
  },
  900_000,
);
