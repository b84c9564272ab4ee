import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBroadcast } from "@ws/broadcast";
import { nats } from "@ws/broadcast/nats";
import { redis } from "@ws/broadcast/redis";
import type { Application } from "@ws/events";
import { websockets } from "@ws/middleware";
import { createRouter } from "@ws/router";
import { start, type TestSession } from "@ws/testing";
import { wireConformance } from "@ws/testing/wire";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WireClient } from "./client.fixture.js";
import { referenceRoute } from "./reference.fixture.js";

type Engine = Parameters<typeof createBroadcast>[0]["engine"];

/** A server that topics are carried by. */
interface Kind {
  readonly program: string;
  readonly sign: string;
  readonly flags: (port: number, folder: string) => readonly string[];
  readonly engine: (port: number) => Engine;
}

const kinds: readonly Kind[] = [
  {
    program: "redis-server",
    sign: "Ready to accept connections",
    flags: (port, folder) => ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
    engine: (port) => redis({ url: `redis://127.0.0.1:${port}` }),
  },
  {
    program: "nats-server",
    sign: "Server is ready",
    flags: (port, folder) => [
      "--port",
      String(port),
      "--addr",
      "127.0.0.1",
      "--jetstream",
      "--store_dir",
      folder,
    ],
    engine: (port) => nats({ servers: `127.0.0.1:${port}` }),
  },
];

function isInstalled(program: string): boolean {
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Resolves when the program has said that it is ready. */
function ready({ stdout, stderr }: ChildProcess, sign: string): Promise<void> {
  return new Promise((resolve) => {
    let said = "";
    for (const stream of [stdout, stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(sign)) resolve();
      });
    }
  });
}

interface Process {
  readonly connect: (room: string, subprotocols: readonly string[]) => Promise<TestSession>;
  readonly close: () => Promise<void>;
}

describe.each(kinds.filter(({ program }) => isInstalled(program)))(
  "over $program",
  ({ program, sign, flags, engine }) => {
    let child: ChildProcess;
    let folder: string;
    /** Two processes' worth: clients of a room meet one and the other in turn. */
    const processes: Process[] = [];

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "ws-service-"));
      const port = await freePort();
      child = spawn(program, [...flags(port, folder)]);
      await ready(child, sign);
      for (const _ of [1, 2]) {
        const broadcast = createBroadcast({ engine: engine(port) });
        await broadcast.ready;
        const application = websockets(createRouter([referenceRoute(broadcast)]))() as Application;
        const server = await start(application);
        processes.push({
          connect: (room, subprotocols) =>
            server.connect(`/wire/${room}/`, { subprotocols, timeout: 60_000 }),
          close: async () => {
            await server.close({ grace: 100 });
            await broadcast.close();
          },
        });
      }
    });

    afterAll(async () => {
      for (const { close } of processes) await close();
      const ended = new Promise((resolve) => child.on("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    });

    wireConformance(
      { name: program, open: (room, subprotocols) => (processes[0] as Process).connect(room, subprotocols) },
      { describe, test: (name, run) => test(name, run, 120_000) },
    );

    test("who comes back to another process misses nothing, and gets nothing twice", async () => {
      const room = `moving-${program}`;
      const connect = async (index: number): Promise<WireClient> => {
        const { connect: open } = processes[index % 2] as Process;
        const client = new WireClient(await open(room, ["jsonrpc.topics.v1"]));
        await client.next();
        return client;
      };
      const publisher = await connect(0);
      const got: number[] = [];
      let at: string | undefined;
      for (let round = 0; round < 20; round += 1) {
        const client = await connect(round);
        const id = await client.ask("$/subscribe", { topic: "log", ...(at !== undefined && { from: at }) });
        for (const n of [0, 1, 2]) await publisher.request("publish", { n: 3 * round + n });
        const wanted = 3 * (round + 1);
        let isAnswered = false;
        while (got.length < wanted || !isAnswered) {
          const frame = await client.next();
          expect(frame.method).not.toBe("$/gap");
          if (frame.id === id) {
            isAnswered = true;
            at ??= (frame.result as { at: string }).at;
          } else {
            at = String(frame.params?.["at"]);
            got.push(Number(Object(frame.params?.["data"]).n));
          }
        }
        client.session.terminate();
      }
      expect(got).toEqual(Array.from({ length: 60 }, (_, n) => n));
    });
  },
);
