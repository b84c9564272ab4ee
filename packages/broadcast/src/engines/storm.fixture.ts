import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { EngineRecipe } from "../conformance/suite.fixture.js";
import type { RealServer } from "./real-server.fixture.js";

/** What a publishing process says of a storm that it went through. */
export interface StormReport {
  readonly resolved: number;
  readonly rejected: number;
  readonly downs: number;
  readonly ups: number;
  /** The stacks of what was thrown where nobody could catch it. */
  readonly uncaught: readonly string[];
}

/** A server that a storm can be made of. */
type Server = RealServer & { restart(): Promise<void> };

const source = ["--import", "tsx", "--conditions=@ws/source"];

function startPublisher(recipe: EngineRecipe): ChildProcess {
  const script = fileURLToPath(new URL("./storm-process.fixture.ts", import.meta.url));
  const args = [...source, script, JSON.stringify(recipe)];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}

/** One fault: the server stops answering, is killed, or both, and is there again a moment later. */
async function strike(server: Server, kind: number): Promise<void> {
  if (kind % 3 !== 0) {
    await server.pause();
    await pause(Math.random() * 400);
  }
  if (kind % 3 === 1) return server.continue();
  await server.kill();
  await pause(Math.random() * 100);
  await server.restart();
}

/** Has a process publish while the server fails as many times; gives what that process says at its end. */
export async function storm(server: Server, recipe: EngineRecipe, faults: number): Promise<StormReport> {
  const child = startPublisher(recipe);
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const ended = once(child, "exit");
  await lines.next();
  for (let fault = 0; fault < faults; fault += 1) {
    await pause(100 + Math.random() * 200);
    await strike(server, fault);
  }
  child.stdin?.write("end\n");
  const { value } = await lines.next();
  const [code] = await ended;
  if (code !== 0) throw new Error(`the publishing process ended with ${code}: ${value}`);
  return JSON.parse(String(value)) as StormReport;
}
