import { connect, type Socket } from "node:net";
import type { Pool } from "./pool.js";

/** Asks the server for a round, waits until every connection has all of it, and asks for the next. */
export class FanOut {
  readonly #pool: Pool;
  readonly #burst: number;
  readonly #control: Socket;

  constructor(pool: Pool, burst: number, controlPort: number) {
    this.#pool = pool;
    this.#burst = burst;
    this.#control = connect({ port: controlPort, host: "127.0.0.1", noDelay: true });
  }

  /** How many messages came, over all connections. */
  run(milliseconds: number): Promise<number> {
    const { links } = this.#pool;
    const each = links.length * this.#burst;
    return new Promise((resolve) => {
      let messages = 0;
      let missing = each;
      let isOver = false;
      this.#pool.onReceived = (_link, count) => {
        missing -= count;
        if (missing > 0) return;
        messages += each;
        this.#check(missing);
        missing = each;
        if (isOver) resolve(messages);
        else this.#control.write("+");
      };
      setTimeout(() => {
        isOver = true;
      }, milliseconds);
      this.#control.write("+");
    });
  }

  /** Every connection has as many as every other. */
  #check(missing: number): void {
    const { links } = this.#pool;
    const [first] = links;
    if (missing === 0 && links.every((link) => link.count === first?.count)) return;
    throw new Error(`expected ${this.#burst} messages for each in a round, got more for some`);
  }
}
