import { z } from "zod";
import { FakeEngine } from "../engine/engine.fixture.js";
import type { Position } from "../engine/engine.js";
import type { TopicOptions } from "../local/options.js";
import type { Gap } from "../receivers/gap.js";
import { type Broadcast, createBroadcast } from "./broadcast.js";
import { connected, type FakeSocket } from "./connection.fixture.js";

/** A topic of numbers with one member, over an engine that the test speaks for. */
export interface Scene {
  readonly engine: FakeEngine;
  readonly broadcast: Broadcast;
  readonly socket: FakeSocket;
  /** What the broadcast told of gaps: `"lost 1 after e:3"`. */
  readonly gaps: string[];
  /** The same of the member, among what it was sent. */
  readonly seen: readonly string[];
  /** Takes the member out of the topic. */
  readonly leave: () => void;
}

/** A gap in a few words. */
export function words({ reason, missed, after }: Gap): string {
  return `${reason} ${missed ?? "?"}${after === undefined ? "" : ` after ${after.epoch}:${after.sequence}`}`;
}

/** Sets the scene. Where topics stand is not compared by the clock, unless it is said how often, in ms. */
export async function scene(
  options: TopicOptions = {},
  engine: FakeEngine = new FakeEngine(),
  head?: Position,
  headInterval = 60_000,
): Promise<Scene> {
  engine.subscribing = async () => head;
  const broadcast = createBroadcast({ engine, headInterval });
  const gaps: string[] = [];
  broadcast.on("gap", (gap) => gaps.push(words(gap)));
  const { connection, socket } = await connected();
  const topic = broadcast.topic("t", z.number(), options);
  const leave = topic.join(connection, { onGap: (gap) => void socket.sent.push(words(gap)) });
  await leave.joined;
  return { engine, broadcast, socket, gaps, seen: socket.sent, leave };
}
