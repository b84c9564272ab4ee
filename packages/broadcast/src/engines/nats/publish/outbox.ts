import { BroadcastError } from "../../../engine/broadcast-error.js";
import type { Position } from "../../../engine/engine.js";
import { fits } from "../../../engine/payload.js";
import type { Link } from "../connect/link.js";
import type { Names } from "../connect/names.js";
import { downError } from "../connect/reason.js";
import { parseAcknowledgement } from "./acknowledgement.js";
import { envelopeOverhead, formatEnvelope } from "./envelope.js";
import { type Content, Parcel } from "./parcel.js";
import { piecesOf } from "./pieces.js";
import type { ReplyMux } from "./reply-mux.js";
import type { Sequencer } from "./sequencer.js";
import type { Stream } from "./streams.js";

/** The longest message into which several are put together, in UTF-16 units. */
const longest = 65_536;

/**
 * Publishes over one connection. Everything of a tick is sent together. The messages of a topic without history are sent in
 * one piece, and one round trip, which shows that the server has them, is shared by all. A message of a topic with history
 * is sent alone, because JetStream answers it with its own number in the stream.
 */
export class Outbox {
  readonly #link: Link;
  readonly #replies: ReplyMux;
  readonly #names: Names;
  readonly #sequencer: Sequencer;
  readonly #underWay = new Set<Parcel>();
  #tick: Parcel[] = [];

  constructor(link: Link, replies: ReplyMux, names: Names, sequencer: Sequencer) {
    this.#link = link;
    this.#replies = replies;
    this.#names = names;
    this.#sequencer = sequencer;
    link.signal.addEventListener("abort", () => {
      for (const parcel of this.#underWay) parcel.reject(link.signal.reason);
    });
  }

  /** Resolves with the message's position when the server has accepted it. */
  publish(content: Content, signal: AbortSignal): Promise<Position> {
    return new Promise((resolve, reject) => {
      const parcel = new Parcel(content, { signal, resolve, reject }, this.#underWay);
      if (this.#tick.push(parcel) === 1) setImmediate(() => this.#send());
    });
  }

  /** Rejects what was published to a subject that this user may not publish to. */
  refuse(subject: string): void {
    for (const parcel of this.#underWay) {
      if (this.#names.subject(parcel.topic) !== subject) continue;
      parcel.reject(downError(`this user may not publish to ${subject}`));
    }
  }

  #send(): void {
    // The connection may be closed before the link knows of it. What waits is rejected when the link ends.
    if (this.#link.connection.isClosed()) {
      this.#tick = [];
      return;
    }
    const room = this.#link.maxPayload - envelopeOverhead;
    for (const parcel of this.#tick) if (!fits(parcel.payload, room)) parcel.reject(tooLarge(room));
    // A publish that was given up before is never sent.
    const parcels = this.#tick.filter((parcel) => this.#underWay.has(parcel));
    this.#tick = [];
    const passing = parcels.filter(({ stream }) => stream === undefined);
    // A UTF-16 unit takes at most three bytes.
    const pieces = piecesOf(passing, Math.min(longest, room / 3));
    for (const piece of pieces) this.#sendPiece(piece);
    for (const parcel of parcels) if (parcel.stream !== undefined) this.#store(parcel, parcel.stream);
  }

  #sendPiece(piece: readonly Parcel[]): void {
    const [{ topic }] = piece as [Parcel];
    const sequence = this.#sequencer.next(topic);
    const { epoch } = this.#sequencer;
    const payloads = piece.map(({ payload }) => payload);
    this.#link.publish(this.#names.subject(topic), formatEnvelope(epoch, sequence, payloads));
    this.#sequencer.take(topic, piece.length);
    const taken = (): void => {
      for (const [index, parcel] of piece.entries()) parcel.resolve({ epoch, sequence: sequence + index });
    };
    // A refusal for lack of permission comes before the answer, but is reported some microtasks later.
    this.#link.flush().then(
      () => process.nextTick(taken),
      (error) => {
        for (const parcel of piece) parcel.reject(error);
      },
    );
  }

  /** Publishes to a stream. The number in the envelope itself is for receivers without a history. */
  #store(parcel: Parcel, stream: Stream): void {
    const { topic, payload } = parcel;
    parcel.reply = this.#replies.open((message) => {
      const answer = parseAcknowledgement(message);
      if (answer === undefined) return;
      if (typeof answer === "number") parcel.resolve({ epoch: stream.epoch, sequence: answer });
      else parcel.reject(downError(`JetStream did not take a message: ${answer}`));
    });
    const sequence = this.#sequencer.next(topic);
    const body = formatEnvelope(this.#sequencer.epoch, sequence, [payload]);
    this.#link.publish(this.#names.subject(topic), body, parcel.reply.subject, parcel.key);
    this.#sequencer.take(topic, 1);
  }
}

function tooLarge(room: number): BroadcastError {
  const expected = `expected at most ${room} bytes, what the server's max_payload leaves`;
  return new BroadcastError("ERR_WS_PAYLOAD_TOO_LARGE", `nats: ${expected}, got a larger message`);
}
