import { BroadcastError } from "../engine/broadcast-error.js";

/** What is valid both in a subject of NATS and in a key of Redis: parts separated by dots, none of them empty. */
const topicName = /^(?!.{100})[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;

/** @throws {BroadcastError} `ERR_WS_TOPIC_NAME` for a value that is no topic name. */
export function checkTopicName(name: unknown): asserts name is string {
  if (typeof name === "string" && topicName.test(name)) return;
  const got = typeof name === "string" ? `"${name.slice(0, 100)}"` : typeof name;
  throw new BroadcastError(
    "ERR_WS_TOPIC_NAME",
    `topic: expected 1 to 99 of A-Z, a-z, 0-9, ".", "_" and "-", no dot first, last or doubled, got ${got}.` +
      " Likely mistake: a name that a user chose; encode it first.",
  );
}
