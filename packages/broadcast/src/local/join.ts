import type { Delivery, History, Past, Position } from "../engine/engine.js";
import type { JoinResult } from "../receivers/join-result.js";
import { tell } from "../receivers/listener-errors.js";
import { Message } from "../receivers/message.js";
import type { Receiver } from "../receivers/receiver.js";
import type { SchemaGroup } from "../schema/schema-group.js";
import type { LocalTopic } from "./local-topic.js";

const left: JoinResult = { position: undefined, recovered: false };

/** Resolves when everything that is published from now on is delivered; false where the receiver left before. */
async function isWhole({ link }: LocalTopic, receiver: Receiver): Promise<boolean> {
  while (!receiver.isGone && !link.isWhole) await link.changed;
  return !receiver.isGone;
}

/** Called at the point where a receiver begins, in order with the messages. */
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
  // Messages that have come and are still being read were published before.
  if (group.isReading) receiver.skipTo(position);
  const joined: JoinResult = { position, recovered: true };
  tell(onBegin, joined);
  return joined;
}

/** What came after a position, and the position of this process when that was requested. */
interface Asked {
  readonly past: Past;
  readonly head: Position | undefined;
}

/**
 * Requests what came after `from`. Where the engine goes away meanwhile, it is asked again when it is back. Where it is too
 * slow, the result is as if no history were kept. It gives `undefined` where the receiver has left.
 */
async function askPast(
  local: LocalTopic,
  receiver: Receiver,
  from: Position,
  history: History,
): Promise<Asked | undefined> {
  const { link, name, shared } = local;
  while (await isWhole(local, receiver)) {
    // What was held so far is part of the history that is requested now, even where this process has missed it.
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

/** Begins with what came after `from`. What is published meanwhile waits. */
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

/** Passes on the messages of the history, at the receiver's pace. */
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

/**
 * The result of `begun`, or an error where the server refuses the topic. In that case it is still tried, and may succeed
 * later.
 */
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
