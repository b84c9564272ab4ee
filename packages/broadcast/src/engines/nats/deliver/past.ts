import type { Msg } from "@nats-io/transport-node";
import type { Delivery, History, Past, Position } from "../../../engine/engine.js";
import { within } from "../connect/within.js";
import { payloadOf } from "../publish/envelope.js";
import type { Session } from "../session/session.js";

/** How many messages are requested at a time. */
const most = 256;

/** Reads one message; `undefined` where it is no longer kept. If the signal is aborted, the answer is not awaited. */
async function read(
  { link, replies }: Session,
  stream: string,
  sequence: number,
  signal: AbortSignal,
): Promise<Msg | undefined> {
  let answered!: (message: Msg) => void;
  const answer = new Promise<Msg>((resolve) => {
    answered = resolve;
  });
  const reply = replies.open(answered);
  try {
    const question = JSON.stringify({ seq: sequence });
    link.publish(`$JS.API.DIRECT.GET.${stream}`, question, reply.subject);
    const message = await within(answer, signal);
    return message.headers?.get("Nats-Sequence") === String(sequence) ? message : undefined;
  } finally {
    reply.close();
  }
}

/**
 * Every message after a position up to now. If one of them is no longer kept, the past cannot be recovered. It ends when the
 * signal is aborted.
 */
export async function readPast(
  session: Session,
  topic: string,
  after: Position,
  history: History,
  signal: AbortSignal,
): Promise<Past> {
  const { name } = await session.streams.open(topic, history);
  const { epoch, first, last } = await session.streams.state(name);
  if (epoch !== after.epoch || after.sequence > last || after.sequence + 1 < first)
    return { recovered: false };
  const deliveries: Delivery[] = [];
  while (after.sequence + deliveries.length < last) {
    const next = after.sequence + deliveries.length + 1;
    const sequences = Array.from({ length: Math.min(most, last + 1 - next) }, (_, index) => next + index);
    const messages = await Promise.all(sequences.map((sequence) => read(session, name, sequence, signal)));
    for (const message of messages) {
      if (message === undefined) return { recovered: false };
      const sequence = after.sequence + deliveries.length + 1;
      deliveries.push({ epoch, sequence, payload: payloadOf(message.data) });
    }
  }
  return { recovered: true, deliveries };
}
