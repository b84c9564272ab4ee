import { compiledOf } from "../../rig/compile.js";
import { busyTime } from "../../rig/machine.js";
import type { Memory } from "../../rig/usage.js";
import { Worker } from "../../rig/worker.js";
import type { Case } from "../case.js";
import type { LoadReport, LoadRequest } from "../load/load-task.js";
import type { Ports, Usage } from "../server-task.js";
import { loadTask, type Participant, type ServerConditions, startServer } from "../servers.js";
import type { Window } from "./windows.js";

/** Fresh servers, all on one core, and one fresh load for them, on another. A server is told by its place. */
export class Rig {
  readonly #servers: readonly Worker[];
  readonly #load: Worker;

  constructor(participants: readonly Participant[], each: Case, conditions: ServerConditions) {
    this.#servers = participants.map((participant) => startServer(participant, each, conditions));
    this.#load = new Worker(compiledOf("speed/load/load"), { core: 1 });
  }

  /** Resolves when all listen, and the load knows where. */
  async begin(participants: readonly Participant[], each: Case): Promise<void> {
    const listening = Promise.all(this.#servers.map((server) => server.next<Ports>()));
    const [ports] = await Promise.all([listening, this.#load.next()]);
    const known = participants.map((participant, at) => ({ participant, ports: ports[at] }));
    await this.#load.ask(
      known.flatMap(({ participant, ports }) => (ports ? [loadTask(participant, each, ports)] : [])),
    );
  }

  async open(at: number, count: number): Promise<void> {
    await this.#ask({ at, open: count });
  }

  async close(at: number): Promise<void> {
    await this.#ask({ at, close: true });
  }

  run(at: number, milliseconds: number): Promise<LoadReport> {
    return this.#ask<LoadReport>({ at, run: milliseconds });
  }

  memory(at: number): Promise<Memory> {
    return this.#server(at).ask<Memory>("memory");
  }

  /** What a server, its load and everybody else took while it alone was under load. */
  async measure(at: number, milliseconds: number): Promise<Window> {
    const server = this.#server(at);
    const busy = busyTime();
    const before = await server.ask<Usage>("usage");
    const { messages, wall, cpu: load, median, p99 } = await this.run(at, milliseconds);
    const after = await server.ask<Usage>("usage");
    const cpu = after.cpu - before.cpu;
    return { messages, wall, cpu, load, others: busyTime() - busy - cpu - load, median, p99 };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#load, ...this.#servers].map((worker) => worker.stop()));
  }

  #server(at: number): Worker {
    const server = this.#servers[at];
    if (server === undefined) throw new Error(`expected one of ${this.#servers.length} servers, got ${at}`);
    return server;
  }

  #ask<Answer>(request: LoadRequest): Promise<Answer> {
    return this.#load.ask<Answer>(request);
  }
}

/** Ends all processes when it is used. */
export async function withRig<Result>(
  participants: readonly Participant[],
  each: Case,
  conditions: ServerConditions,
  use: (rig: Rig) => Promise<Result>,
): Promise<Result> {
  const rig = new Rig(participants, each, conditions);
  try {
    await rig.begin(participants, each);
    return await use(rig);
  } finally {
    await rig.stop();
  }
}
