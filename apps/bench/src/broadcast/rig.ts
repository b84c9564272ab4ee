import { cpus } from "node:os";
import { compiledOf, sourceOf } from "../rig/compile.js";
import { Worker } from "../rig/worker.js";
import { EngineServer } from "./engine-server.js";
import type { LoadReport, LoadRequest, LoadTask } from "./load/load-task.js";
import type { Ports, Question, ServerTask } from "./server-task.js";
import { type Setup, size } from "./setup.js";

/** How servers are started. */
export interface Conditions {
  /** Whether they run from the sources, @ws with them; this process must then be told how. */
  readonly source: boolean;
  readonly profiles: string | undefined;
}

/** Servers on even cores and what loads them on odd ones, as far as there are any. */
function coreOf(place: number, isServer: boolean): number {
  const wanted = 2 * place + (isServer ? 0 : 1);
  return wanted < cpus().length ? wanted : Number(!isServer);
}

function startServer(setup: Setup, index: number, rest: Partial<ServerTask>, conditions: Conditions): Worker {
  const { contender, engine, burst } = setup;
  const task: ServerTask = {
    ...{ engine, url: "", publisher: index + 1, size, burst, isLate: false },
    isEnveloped: contender === "envelope",
    ...rest,
  };
  const { source, profiles } = conditions;
  const nodeArguments = [
    ...(source ? process.execArgv : []),
    ...(task.isLate ? ["--expose-gc"] : []),
    ...(profiles === undefined
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${profiles}/${contender}.${engine}.${burst}`]),
  ];
  const program = `broadcast/servers/${task.isEnveloped ? "ws" : contender}`;
  const core = coreOf(index, true);
  return new Worker(source ? sourceOf(program) : compiledOf(program), { core, task, nodeArguments });
}

/** All processes of one measurement; each with fresh ones. */
export class Rig implements AsyncDisposable {
  readonly engine: EngineServer;
  readonly #servers: readonly Worker[];
  readonly #load: Worker;

  private constructor(engine: EngineServer, servers: readonly Worker[], load: Worker) {
    this.engine = engine;
    this.#servers = servers;
    this.#load = load;
  }

  /** With all connections open and, but where they are late, joined. */
  static async start(setup: Setup, conditions: Conditions, isLate = false): Promise<Rig> {
    const { contender, engine: name, processes, members, burst } = setup;
    const engine = await EngineServer.start(name, coreOf(1, false));
    const servers = Array.from({ length: processes }, (_, index) =>
      startServer(setup, index, { url: engine.url, isLate }, conditions),
    );
    const load = new Worker(compiledOf("broadcast/load/load"), { core: coreOf(0, false) });
    const rig = new Rig(engine, servers, load);
    try {
      const [all] = await Promise.all([Promise.all(servers.map((each) => each.next<Ports>())), load.next()]);
      const ports = all.map(({ port }) => port);
      const controlPort = all[0]?.controlPort ?? 0;
      const format = contender === "socket.io" || contender === "envelope" ? contender : "plain";
      await load.ask<true>({ ports, controlPort, format, members, size, burst } satisfies LoadTask);
      await rig.load({ open: true });
      if (!isLate) await rig.ask({ joined: members / processes });
    } catch (error) {
      await rig[Symbol.asyncDispose]();
      throw error;
    }
    return rig;
  }

  load(request: LoadRequest): Promise<LoadReport> {
    return this.#load.ask(request);
  }

  /** Asks every server; gives the sum of their answers. */
  async ask(question: Question): Promise<number> {
    const answers = await Promise.all(this.#servers.map((server) => server.ask<number>(question)));
    return answers.reduce((sum, answer) => sum + answer, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Its sockets first, since a server that goes would be an error to it.
    await this.#load.stop();
    await Promise.all(this.#servers.map((server) => server.stop()));
    await this.engine[Symbol.asyncDispose]();
  }
}
