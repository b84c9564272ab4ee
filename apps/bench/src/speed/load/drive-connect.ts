import type { Pool } from "./pool.js";

/** Connects, says one thing, hears it and leaves, over and over, on so many lanes. */
export class Churn {
  readonly #pool: Pool;
  readonly #lanes: number;
  readonly #request: Buffer;

  constructor(pool: Pool, lanes: number, request: Buffer) {
    this.#pool = pool;
    this.#lanes = lanes;
    this.#request = request;
  }

  /** How many connections came and went. */
  run(milliseconds: number): Promise<number> {
    const pool = this.#pool;
    return new Promise((resolve) => {
      let cycles = 0;
      let left = this.#lanes;
      const end = performance.now() + milliseconds;
      pool.onReady = (link) => link.send(this.#request, 1);
      pool.onReceived = (link) => link.close();
      pool.onEnded = () => {
        cycles += 1;
        if (performance.now() < end) pool.dial();
        else {
          left -= 1;
          if (left === 0) resolve(cycles);
        }
      };
      for (let lane = 0; lane < this.#lanes; lane += 1) pool.dial();
    });
  }
}
