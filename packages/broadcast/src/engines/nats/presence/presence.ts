import type { Msg } from "@nats-io/transport-node";
import { offAbort, onAbort } from "../../../engine/aborts.js";
import type { Presence as Member } from "../../../engine/engine.js";
import type { Link } from "../connect/link.js";
import type { Names } from "../connect/names.js";
import { formatAnswers, formatSign, parseAnswer, parseSign } from "../session/presence-message.js";
import type { Session } from "../session/session.js";
import type { Heartbeats } from "./heartbeats.js";

/** How long answers are awaited, and how long the first signs of others after a connection was made, in ms. */
const patience = 1_000;

const nobody: ReadonlyMap<string, unknown> = new Map();

/**
 * The members. Nothing is stored at the server: each process knows its own members, and whoever needs the list asks all
 * processes. So the members of a process that died are not listed any more, and an interruption loses nobody.
 */
export class Presence {
  readonly #names: Names;
  readonly #heartbeats: Heartbeats;
  readonly #own = new Map<string, Map<string, unknown>>();

  constructor(names: Names, processes: Heartbeats) {
    this.#names = names;
    this.#heartbeats = processes;
  }

  enter(topic: string, id: string, as: unknown): void {
    const members = this.#own.get(topic) ?? new Map<string, unknown>();
    this.#own.set(topic, members.set(id, as));
  }

  leave(topic: string, id: string): void {
    const members = this.#own.get(topic);
    members?.delete(id);
    if (members?.size === 0) this.#own.delete(topic);
  }

  /** Answers questions, until the connection ends. */
  attach({ link }: Session): void {
    const { connection } = link;
    connection.subscribe(this.#names.questions, {
      callback: (error, message) => {
        if (error === null) this.#answer(message, link);
      },
    });
  }

  /**
   * Resolves when every process that is known to live has answered, or after a second. It never resolves sooner than a
   * second after the connection was made, because until then not all processes are known.
   */
  members({ link, replies }: Session, topic: string, signal: AbortSignal): Promise<readonly Member[]> {
    const { self } = this.#heartbeats;
    const members: Member[] = [...this.#of(topic)].map(([id, as]) => ({ id, process: self, as }));
    const waiting = this.#heartbeats.others();
    return new Promise((resolve) => {
      let isSure = false;
      const finish = (): void => {
        clearTimeout(sure);
        clearTimeout(over);
        for (const each of [signal, link.signal]) offAbort(each, watcher);
        reply.close();
        resolve(members);
      };
      const watcher = { aborted: finish };
      const look = (): void => {
        if (isSure && waiting.size === 0) finish();
      };
      const sure = setTimeout(
        () => {
          isSure = true;
          look();
        },
        link.since + patience - performance.now(),
      );
      const over = setTimeout(finish, patience);
      for (const each of [signal, link.signal]) onAbort(each, watcher);
      const reply = replies.open((message) => {
        const answer = parseAnswer(message.string());
        if (answer === undefined) return;
        members.push(...answer.members);
        if (answer.left === 0) waiting.delete(answer.process);
        look();
      });
      link.publish(this.#names.questions, formatSign(self, topic), reply.subject);
    });
  }

  #of(topic: string): ReadonlyMap<string, unknown> {
    return this.#own.get(topic) ?? nobody;
  }

  #answer(message: Msg, link: Link): void {
    const sign = parseSign(message.string());
    if (sign === undefined || sign.process === this.#heartbeats.self || !message.reply) return;
    const parts = formatAnswers(this.#heartbeats.self, this.#of(sign.word), link.maxPayload);
    for (const part of parts) link.publish(message.reply, part);
  }
}
