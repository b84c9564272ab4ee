import type { Protocol } from "../../rig/protocol.js";
import { Link, type Listener } from "./link.js";
import type { LoadTask } from "./load-task.js";

/** How many handshakes are under way at once. */
const dialling = 100;

/** The connections of the load. Who drives them sets the two handlers. */
export class Pool implements Listener {
  links: Link[] = [];
  onReady: (link: Link) => void = () => {};
  onReceived: (link: Link, count: number) => void = () => {};
  onEnded: (link: Link) => void = () => {};
  readonly #task: LoadTask;
  readonly #protocol: Protocol;

  constructor(task: LoadTask, protocol: Protocol) {
    this.#task = task;
    this.#protocol = protocol;
  }

  ready(link: Link): void {
    this.onReady(link);
  }

  received(link: Link, count: number): void {
    this.onReceived(link, count);
  }

  ended(link: Link): void {
    this.onEnded(link);
  }

  dial(): Link {
    return new Link(this.#task.port, this.#task.tls, this.#protocol, this);
  }

  /** Opens so many, some at once. */
  open(count: number): Promise<void> {
    return new Promise((resolve) => {
      let dialled = 0;
      const dial = (): void => {
        if (dialled === count) return;
        dialled += 1;
        this.dial();
      };
      this.onReady = (link) => {
        this.links.push(link);
        if (this.links.length === count) resolve();
        else dial();
      };
      for (let lane = 0; lane < Math.min(dialling, count); lane += 1) dial();
    });
  }

  /** Closes all, and waits until the server has. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      let left = this.links.length;
      this.onEnded = () => {
        left -= 1;
        if (left === 0) resolve();
      };
      for (const link of this.links) link.close();
      this.links = [];
    });
  }
}
