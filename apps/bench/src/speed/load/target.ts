import { PlainProtocol } from "../../rig/protocol.js";
import { SocketIoProtocol } from "../../rig/socket-io-protocol.js";
import { quantile } from "../../rig/statistics.js";
import { Churn } from "./drive-connect.js";
import { Echo } from "./drive-echo.js";
import { FanOut } from "./drive-fan-out.js";
import type { LoadReport, LoadTask } from "./load-task.js";
import { Pool } from "./pool.js";

/** One server as the load sees it: raw sockets, frames made beforehand. */
export class Target {
  readonly #pool: Pool;
  readonly #echo: Echo;
  readonly #driver: { run(milliseconds: number): Promise<number> };

  constructor(task: LoadTask) {
    const Protocol = task.protocol === "plain" ? PlainProtocol : SocketIoProtocol;
    const protocol = new Protocol(task.payload, task.size);
    const pool = new Pool(task, protocol);
    const echo = new Echo(pool, task.burst, protocol.request);
    const drivers = {
      echo: () => echo,
      fanout: () => new FanOut(pool, task.burst, task.controlPort),
      connect: () => new Churn(pool, task.connections, protocol.request),
      idle: () => echo,
    };
    this.#pool = pool;
    this.#echo = echo;
    this.#driver = drivers[task.kind]();
  }

  open(count: number): Promise<void> {
    return this.#pool.open(count);
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Loads it for so many ms, then waits until all that is under way has come back; connections stay open. */
  async run(milliseconds: number): Promise<LoadReport> {
    const cpuBefore = process.cpuUsage();
    const began = performance.now();
    const messages = await this.#driver.run(milliseconds);
    const wall = (performance.now() - began) * 1_000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const { times } = this.#echo;
    return { messages, wall, cpu: user + system, median: quantile(times, 0.5), p99: quantile(times, 0.99) };
  }
}
