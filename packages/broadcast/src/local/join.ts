import type { Delivery, History, Past, Position } from "../engine/engine.js";
import type { JoinResult } from "../receivers/join-result.js";
import { tell } from "../receivers/listener-errors.js";
import { Message } from "../receivers/message.js";
import type { Receiver } from "../receivers/receiver.js";
import type { SchemaGroup } from "../schema/schema-group.js";
import type { LocalTopic } from "./local-topic.js";

const left: JoinResult = { position: undefined, recovered: false };

/** Resolves when all is delivered that is published from then on; false where the receiver left before. */
async function isWhole({ link }: LocalTopic, receiver: Receiver): Promise<boolean> {
  while (!receiver.isGone && !link.isWhole) await link.changed;
  return !receiver.isGone;
}

/** Is told where a receiver begins, at its place between the messages. */
type OnBegin = ((joined: JoinResult) => void) | undefined;

/** Begins with what is published from now on. */
async function beginNow(
  local: LocalTopic,
  group: SchemaGroup,
  receiver: Receiver,
  onBegin: OnBegin,
): Promise<JoinResult> {
  if (receiver.isGone) return left;
  if (!local.link.isWhole && !(await isWhole(local, receiver))) return left;
  const { position } = local;
  // What has come and is still being read was published before.
  if (group.isReading) receiver.skipTo(position);
  const joined: JoinResult = { position, recovered: true };
  tell(onBegin, joined);
  return joined;
}

/** What came after a position, and where the topic stood in this process when that was asked. */
interface Asked {
  readonly past: Past;
  readonly head: Position | undefined;
}

/**
 * Asks what came after `from`. Where the engine goes away meanwhile, it is asked again when it is back; where it is too
 * slow, it is as if nothing were kept. `undefined` where the receiver left.
 */
async function askPast(
  local: LocalTopic,
  receiver: Receiver,
  from: Position,
  history: History,
): Promise<Asked | undefined> {
  const { link, name, shared } = local;
  while (await isWhole(local, receiver)) {
    // What was held until now lies in the past that is asked for, also where this process has missed it.
    receiver.hold();
    const { position: head } = local;
    try {
      return { past: await shared.link.engine.past(name, from, history, shared.deadlines.signal), head };
    } catch {
      if (link.isWhole) return { past: { recovered: false }, head };
    }
  }
  return undefined;
}

/** Begins with what came after `from`; what is published meanwhile waits. */
async function beginFrom(
  local: LocalTopic,
  group: SchemaGroup,
  receiver: Receiver,
  from: Position,
  history: History,
  onBegin: OnBegin,
): Promise<JoinResult> {
  receiver.hold();
  const asked = await askPast(local, receiver, from, history);
  if (asked === undefined) return left;
  const { past, head } = asked;
  const { recovered } = past;
  if (past.recovered) await replay(local, group, receiver, past.deliveries);
  else receiver.missed({ topic: local.name, reason: "history", missed: undefined, after: from });
  if (receiver.isGone) return left;
  const last = past.recovered ? (past.deliveries.at(-1) ?? from) : head;
  const position = last && { epoch: last.epoch, sequence: last.sequence };
  tell(onBegin, { position, recovered });
  receiver.release(position);
  return { position: recovered ? position : local.position, recovered };
}

/** Gives the messages of the past, at the receiver's pace. */
async function replay(
  local: LocalTopic,
  group: SchemaGroup,
  receiver: Receiver,
  deliveries: readonly Delivery[],
): Promise<void> {
  for (const delivery of deliveries) {
    const message = new Message(delivery);
    const read = await group.read(delivery.payload);
    if (read === undefined) local.poisoned();
    await receiver.replay(read === undefined ? message.skipped : message, read?.value);
  }
}

/** What is begun, or why the server refuses it; it goes on all the same, and may be taken later. */
async function orRefusal(
  local: LocalTopic,
  receiver: Receiver,
  beginning: Promise<JoinResult>,
): Promise<JoinResult> {
  while (!receiver.isGone && !local.link.isWhole) {
    if (local.link.refusal !== undefined) throw local.link.refusal;
    await local.link.changed;
  }
  return await beginning;
}

/**
 * Lets a receiver begin that was added to its schema group. Nobody needs to await it.
 *
 * @throws {BroadcastError} `ERR_WS_ENGINE_DOWN` with the server's reason where it refuses the subscription.
 */
export function begin(
  local: LocalTopic,
  group: SchemaGroup,
  receiver: Receiver,
  from: Position | undefined,
  onBegin?: OnBegin,
): Promise<JoinResult> {
  const { history } = local;
  const isNow = from === undefined || history === undefined;
  const beginning = isNow
    ? beginNow(local, group, receiver, onBegin)
    : beginFrom(local, group, receiver, from, history, onBegin);
  if (local.link.isWhole) return beginning;
  const joined = orRefusal(local, receiver, beginning);
  joined.catch(() => {});
  return joined;
}
