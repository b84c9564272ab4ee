import { type Duplex, duplexPair } from "node:stream";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { PendingSocket } from "./pending-socket.js";

export const linger: number = 5_000;

export interface Made {
  readonly pending: PendingSocket;
  /** Our end. */
  readonly socket: Duplex;
  /** The client's end. */
  readonly client: Duplex;
  readonly clock: FakeClock;
  /** What the listener was told, in order. */
  readonly told: string[];
}

/** One that got no answer in the turn in which it came. */
export function make(head = ""): Made {
  const made = makeFresh(head);
  made.clock.turn();
  return made;
}

/** One that just came. */
export function makeFresh(head = ""): Made {
  const [socket, client] = duplexPair();
  const clock = new FakeClock();
  const told: string[] = [];
  const pending = new PendingSocket(socket, Buffer.from(head), clock, linger);
  pending.listen({
    ended: () => told.push("gone"),
    drained: () => told.push("drained"),
    released: () => told.push("released"),
  });
  return { pending, socket, client, clock, told };
}

/** Lets what was written arrive. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** What the client has read so far. */
export function reading(client: Duplex): { text: string; hasEnded: boolean } {
  const read = { text: "", hasEnded: false };
  client.on("data", (chunk: Buffer) => {
    read.text += chunk.toString("latin1");
  });
  client.on("end", () => {
    read.hasEnded = true;
  });
  return read;
}
