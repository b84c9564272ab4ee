import type { Audience } from "./audience.js";
import type { History, Past, Position } from "./engine.js";
import type { Hub } from "./hub.js";
import { Message } from "./message.js";
import type { Receiver } from "./receiver.js";

/** Where a receiver began. */
export interface Joined {
  /** Of the last message that it has, or that went before; `undefined` where the engine can't tell, or it left before. */
  readonly position: Position | undefined;
  /** Whether it has all since `from`; true where none was given. */
  readonly recovered: boolean;
}

const left: Joined = { position: undefined, recovered: false };

/** Resolves when all is delivered that is published from then on; false where the receiver left before. */
async function isWhole({ link }: Hub, receiver: Receiver): Promise<boolean> {
  while (!receiver.isGone && !link.isWhole) await link.changed;
  return !receiver.isGone;
}

/** Begins with what is published from now on. */
async function beginNow(hub: Hub, audience: Audience, receiver: Receiver): Promise<Joined> {
  if (receiver.isGone) return left;
  if (!hub.link.isWhole && !(await isWhole(hub, receiver))) return left;
  const { position } = hub;
  // What has come and is still being read was published before.
  if (audience.isReading) receiver.skipTo(position);
  return { position, recovered: true };
}

async function pastOf({ name, shared }: Hub, from: Position, history: History): Promise<Past> {
  try {
    return await shared.link.engine.past(name, from, history, shared.deadlines.signal);
  } catch {
    // Down, or too slow: as if it were not kept.
    return { recovered: false };
  }
}

/** Begins with what came after `from`; what is published meanwhile waits. */
async function beginFrom(
  hub: Hub,
  audience: Audience,
  receiver: Receiver,
  from: Position,
  history: History,
): Promise<Joined> {
  receiver.hold();
  if (!(await isWhole(hub, receiver))) return left;
  const past = await pastOf(hub, from, history);
  if (!past.recovered) {
    receiver.missed({ topic: hub.name, reason: "history", missed: undefined, after: from });
    receiver.release(undefined);
    return { position: hub.position, recovered: false };
  }
  for (const delivery of past.deliveries) {
    const read = await audience.read(delivery.payload);
    if (read === undefined) hub.poisoned();
    else await receiver.replay(new Message(delivery), read.value);
  }
  const position = past.deliveries.at(-1) ?? from;
  receiver.release(position);
  return receiver.isGone
    ? left
    : { position: { epoch: position.epoch, sequence: position.sequence }, recovered: true };
}

/** Lets a receiver begin that was added to its audience. Never rejects. */
export function begin(
  hub: Hub,
  audience: Audience,
  receiver: Receiver,
  from: Position | undefined,
): Promise<Joined> {
  const { history } = hub;
  if (from === undefined || history === undefined) return beginNow(hub, audience, receiver);
  return beginFrom(hub, audience, receiver, from, history);
}
