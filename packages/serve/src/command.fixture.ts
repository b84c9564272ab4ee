import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFailed, onTestFinished } from "vitest";
import { type ClientOptions, WebSocket } from "ws";

/** Bundled by tools/bundle-programs.mjs. */
const program = fileURLToPath(new URL("../reports/main.mjs", import.meta.url));

/** An application as its user writes it: an echo that tells on request who serves it, and fails on request. */
export function echoSource(version = "1"): string {
  return `
export default async function application(scope, receive, send) {
  if (scope.type === "http") {
    if (scope.path === "/reject") void Promise.reject(new Error("nobody awaited this"));
    await send({ type: "http.response.start", status: 200 });
    return send({ type: "http.response.body", body: Buffer.from(process.pid + " ${version}") });
  }
  if (scope.type !== "websocket") throw new TypeError("no lifespan");
  await receive();
  await send({ type: "websocket.accept" });
  for (;;) {
    const event = await receive();
    if (event.type !== "websocket.receive") return;
    const { text } = event;
    if (text === "reject") void Promise.reject(new Error("nobody awaited this"));
    if (text === "throw") setTimeout(() => { throw new Error("nobody caught this"); });
    if (text === "hang") setTimeout(() => { for (;;); });
    const answer = text === "who" ? process.pid + " ${version}" : text;
    await send({ type: "websocket.send", text: answer });
  }
}
`;
}

/** Files by name, in a folder of their own that goes with the test. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "ws-serve-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) write(folder, name, text);
  return folder;
}

export function write(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** What of this process's environment a command is given. */
function environment(more: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(WS_|VITEST|NODE_OPTIONS$|NODE_ENV$|PORT$|HOST$|WEB_CONCURRENCY$|FORCE_COLOR$)/.test(name),
  );
  return { ...Object.fromEntries(own), ...more };
}

/** How to start a command. */
export interface CommandOptions {
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another Node. */
  readonly node?: string;
  /** What stands before Node on the command line, such as `unshare --pid --fork`. */
  readonly before?: readonly string[];
  /** Descriptors of ours that it is given, as 3, 4 …. */
  readonly inherited?: readonly number[];
}

/** `ws-serve` in a process of its own. */
export class Command {
  readonly process: ChildProcess;
  readonly folder: string;
  stdout = "";
  stderr = "";
  /** Its exit code, or the signal that ended it, once all that it said is read. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  #hasEnded = false;
  #onSaid: () => void = () => {};

  constructor(args: readonly string[], options: CommandOptions) {
    const { folder, env = {}, node = process.execPath, before = [], inherited = [] } = options;
    this.folder = folder;
    const [first = node, ...rest] = [...before, node, program, ...args];
    this.process = spawn(first, rest, {
      cwd: folder,
      env: environment(env),
      stdio: ["ignore", "pipe", "pipe", ...inherited],
      detached: true,
    });
    onTestFinished(() => this.#killGroup());
    onTestFailed(
      () => void process.stderr.write(`${args.join(" ")} said:\n${this.stdout}\n${this.stderr}\n`),
    );
    this.process.stdout?.on("data", (chunk) => {
      this.stdout += chunk;
      this.#onSaid();
    });
    this.process.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
      this.#onSaid();
    });
    this.ended = once(this.process, "close").then(([code, signal]) => {
      this.#hasEnded = true;
      this.#onSaid();
      return code ?? signal;
    });
  }

  /** The processes of workers that are there, by id. */
  get workers(): number[] {
    return childrenOf(this.process.pid ?? 0);
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** Waits until what it said on either stream matches. */
  said(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.#onSaid = () => {
        const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        if (found !== null) resolve(found);
        else if (this.#hasEnded) {
          reject(new Error(`expected ${pattern}, got its end after:\n${this.stdout}\n${this.stderr}`));
        }
      };
      this.#onSaid();
    });
  }

  /** Its address, once it listens. */
  async url(): Promise<string> {
    const [, address = ""] = await this.said(/^(?:Open |.*"url":")([^"\s]+)/m);
    return address;
  }

  /** Ends it, and gives its exit code. */
  async end(): Promise<number | NodeJS.Signals | null> {
    this.signal("SIGTERM");
    return this.ended;
  }

  #killGroup(): void {
    try {
      process.kill(-Number(this.process.pid), "SIGKILL");
    } catch {
      // All of it has ended.
    }
  }
}

/** Starts `ws-serve` on a port of the system's choice, writing for a person, and waits until it listens. */
export async function started(
  args: readonly string[],
  options: CommandOptions,
): Promise<Command & { readonly address: string }> {
  const command = new Command(["--port", "0", "--log", "pretty", "--no-access-log", ...args], options);
  return Object.assign(command, { address: await command.url() });
}

/** The processes that another one has started and that have not ended. */
export function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const [, state, id] =
          /^\d+ \(.*\) (\S) (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "latin1")) ?? [];
        return state !== "Z" && Number(id) === parent;
      } catch {
        return false;
      }
    })
    .map(Number);
}

export function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** The close of a WebSocket as its client sees it. */
interface Close {
  readonly code: number;
  readonly reason: string;
}

/** A client of `ws`, open. */
export interface OpenClient {
  readonly socket: WebSocket;
  readonly closed: Promise<Close>;
  /** Sends a text and gives the answer; rejects where the connection is closed before it. */
  ask(text: string): Promise<string>;
}

/** Connects to the address of a command, such as `http://…` or `unix:…`; rejects where it can't. */
export async function connect(address: string, options: ClientOptions = {}): Promise<OpenClient> {
  const url = address.startsWith("unix:")
    ? `ws+unix://${address.slice("unix:".length)}:/`
    : address.replace(/^http/, "ws");
  const socket = new WebSocket(url, options);
  const closed = new Promise<Close>((resolve) => {
    socket.once("close", (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("open", resolve);
    socket.once("error", reject);
  });
  socket.on("error", () => {});
  const ask = async (text: string): Promise<string> => {
    const answer = once(socket, "message").then(([data]) => String(data));
    socket.send(text);
    const unanswered = closed.then(({ code }) => {
      throw new Error(`${text} was not answered: closed with ${code}`);
    });
    return Promise.race([answer, unanswered]);
  };
  return { socket, closed, ask };
}

/** Many of them. */
export function connectMany(count: number, address: string, options?: ClientOptions): Promise<OpenClient[]> {
  return Promise.all(Array.from({ length: count }, () => connect(address, options)));
}

/** Waits until so many workers answer, each of which tells who it is where it is asked `who`. */
export async function allReady(command: { readonly address: string }, count: number): Promise<void> {
  const clients: OpenClient[] = [];
  const found = new Set<string>();
  await expect
    .poll(async () => {
      const client = await connect(command.address);
      clients.push(client);
      found.add(await client.ask("who"));
      return found.size;
    })
    .toBe(count);
  for (const { socket } of clients) socket.close();
  await Promise.all(clients.map(({ closed }) => closed));
}
