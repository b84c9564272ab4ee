import { type Duplex, duplexPair } from "node:stream";

/** The network between a server and the clients that a test opens by `server.WebSocket`, and the faults that it can have. */
export class Network {
  readonly #dial: () => Duplex;
  readonly #links = new Set<Link>();
  #delay = 0;
  #isStalled = false;
  #isDown = false;

  /** `dial` opens a socket to the server. */
  constructor(dial: () => Duplex) {
    this.#dial = dial;
  }

  /** Resets every connection, as happens when a cable is pulled and put back. */
  cut(): void {
    for (const link of this.#links) link.cut();
  }

  /** Holds back everything that either side sends until `resume`, including closes: the connections are half-open. */
  stall(): void {
    this.#isStalled = true;
    for (const link of this.#links) link.stall();
  }

  /** Delivers what was held back since `stall`. */
  resume(): void {
    this.#isStalled = false;
    for (const link of this.#links) link.resume();
  }

  /** Delays everything by so many ms, in both directions; 0 for no delay. */
  delay(ms: number): void {
    this.#delay = ms;
  }

  /** Resets every connection, and refuses new ones until `up`. */
  down(): void {
    this.#isDown = true;
    this.cut();
  }

  up(): void {
    this.#isDown = false;
  }

  /** Opens a socket over this network. */
  dial(): Duplex {
    const [near, far] = duplexPair();
    if (this.#isDown) {
      far.destroy();
      queueMicrotask(() => near.destroy(new Error("connect ECONNREFUSED: the test's network is down")));
      return near;
    }
    const link: Link = new Link(
      near,
      far,
      this.#dial(),
      () => this.#delay,
      () => this.#links.delete(link),
    );
    this.#links.add(link);
    if (this.#isStalled) link.stall();
    return near;
  }
}

/** One connection: the client's socket, our side of that one, and the socket to the server. */
class Link {
  readonly #near: Duplex;
  readonly #far: Duplex;
  readonly #server: Duplex;
  readonly #onOver: () => void;
  #isStalled = false;

  constructor(near: Duplex, far: Duplex, server: Duplex, delay: () => number, onOver: () => void) {
    this.#onOver = onOver;
    this.#near = near;
    this.#far = far;
    this.#server = server;
    this.#join(far, server, delay);
    this.#join(server, far, delay);
    near.once("close", () => this.#closed());
    server.once("close", () => this.#closed());
  }

  cut(): void {
    this.#isStalled = false;
    this.#closed();
  }

  stall(): void {
    this.#isStalled = true;
    this.#far.pause();
    this.#server.pause();
  }

  resume(): void {
    this.#isStalled = false;
    this.#far.resume();
    this.#server.resume();
    if (this.#near.destroyed || this.#server.destroyed) this.#closed();
  }

  #join(from: Duplex, to: Duplex, delay: () => number): void {
    const later = (pass: () => void): void => {
      const ms = delay();
      if (ms === 0) pass();
      else setTimeout(pass, ms);
    };
    // A peer that resets its connection is no error of the test.
    from.on("error", () => {});
    from.on("data", (chunk: Buffer) => later(() => to.write(chunk)));
    // A side that closes waits for the end of the other one; without passing it on it would wait for its time-out.
    from.on("end", () => later(() => to.end()));
  }

  /** One side is gone. The other one is closed too, unless the network is stalled. */
  #closed(): void {
    if (this.#isStalled) return;
    for (const end of [this.#near, this.#far, this.#server]) end.destroy();
    this.#onOver();
  }
}
