import type { ReceiveEvent } from "@ws/events";
import { FakeClock } from "../timing/clock.fixture.js";
import { EventQueue } from "./event-queue.js";

const unlimited = Number.POSITIVE_INFINITY;

export interface Made {
  readonly queue: EventQueue;
  readonly clock: FakeClock;
  readonly pauses: boolean[];
}

export function make(messages: number = unlimited, bytes: number = unlimited): Made {
  const clock = new FakeClock();
  const pauses: boolean[] = [];
  const owner = { setPaused: (paused: boolean) => void pauses.push(paused) };
  return { queue: new EventQueue(clock, { messages, bytes }, owner), clock, pauses };
}

/** One whose application has received the connect. */
export async function makeConnected(messages?: number, bytes?: number): Promise<Made> {
  const made = make(messages, bytes);
  await made.queue.receive();
  return made;
}

export function say(queue: EventQueue, ...texts: readonly string[]): void {
  for (const text of texts) queue.text(text, Buffer.byteLength(text));
}

export const received = (text: string): ReceiveEvent => ({ type: "websocket.receive", text });
export const disconnect: ReceiveEvent = { type: "websocket.disconnect", code: 1006, reason: "x" };

/** Lets what is resolved arrive. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
