import { connect } from "node:net";
import { PlainProtocol, type Protocol } from "../../rig/protocol.js";
import { SocketIoProtocol } from "../../rig/socket-io-protocol.js";
import { type Faults, sumOf } from "../faults.js";
import type { LoadTask } from "./load-task.js";
import { type Audience, Member } from "./member.js";
import { Template } from "./template.js";

/** How many handshakes are under way at once. */
const dialling = 100;
/** After so many ms without a message, what did not come is lost. */
const patience = 5_000;

/** All members. */
export class Crowd implements Audience {
  readonly protocol: Protocol;
  readonly template: Template;
  readonly #task: LoadTask;
  readonly #members: Member[] = [];
  #onReady: () => void = () => {};
  #onReceived: () => void = () => {};
  /** Deliveries since the start. */
  #deliveries = 0;

  constructor(task: LoadTask) {
    this.#task = task;
    // Only its greeting is used.
    const isSocketIo = task.format === "socket.io";
    this.protocol = isSocketIo ? new SocketIoProtocol("json", 64) : new PlainProtocol("json", 64);
    this.template = new Template(task.size, task.format);
  }

  ready(): void {
    this.#onReady();
  }

  received(count: number): void {
    this.#deliveries += count;
    this.#onReceived();
  }

  open(): Promise<void> {
    const { ports, members } = this.#task;
    const dial = (): void => {
      const port = ports[this.#members.length % ports.length];
      if (port !== undefined && this.#members.length < members) this.#members.push(new Member(port, this));
    };
    return new Promise((resolve) => {
      let open = 0;
      this.#onReady = () => {
        open += 1;
        if (open === members) resolve();
        else dial();
      };
      for (let lane = 0; lane < dialling; lane += 1) dial();
    });
  }

  /** Asks for a round, waits until every member has all of it, and asks for the next; gives the deliveries. */
  run(milliseconds: number): Promise<number> {
    const { controlPort, members, burst } = this.#task;
    const control = connect({ port: controlPort, host: "127.0.0.1", noDelay: true });
    const before = this.#deliveries;
    const end = performance.now() + milliseconds;
    return new Promise((resolve) => {
      let wanted = before + members * burst;
      this.#onReceived = () => {
        if (this.#deliveries < wanted) return;
        if (performance.now() < end) {
          wanted += members * burst;
          control.write("+");
        } else {
          control.end();
          resolve(this.#deliveries - before);
        }
      };
      control.write("+");
    });
  }

  /** Resolves when every member has so many of each server, or nothing more comes; gives the deliveries. */
  async await(published: number): Promise<number> {
    const { ports, members } = this.#task;
    const wanted = members * ports.length * published;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patience);
      this.#onReceived = () => {
        timer.refresh();
        if (this.#deliveries >= wanted) resolve();
      };
      if (this.#deliveries >= wanted) resolve();
    });
    // So that what comes twice is seen.
    await new Promise((resolve) => setTimeout(resolve, 300));
    for (const { sequences } of this.#members) for (const each of sequences.values()) each.end(published);
    return this.#deliveries;
  }

  get faults(): Faults {
    return sumOf(this.#members.flatMap(({ sequences }) => [...sequences.values()]));
  }
}
