import type { Presence } from "../../../engine/engine.js";

/** The longest message, in bytes, even where the server accepts more. */
const longest = 262_144;
/** The most bytes before the members. */
const heading = 128;

/** What a process says to all: `hello`, `beat`, `bye`, or the topic whose members it asks for. */
export interface Sign {
  readonly process: string;
  readonly word: string;
}

/** A part of a process's answer to the question for the members of a topic. */
export interface Answer {
  readonly process: string;
  /** How many parts are still to come. */
  readonly left: number;
  readonly members: readonly Presence[];
}

/** Writes `1 <process> <word>`, where 1 is the version of this format. */
export function formatSign(process: string, word: string): string {
  return `1 ${process} ${word}`;
}

/** Reads a sign; `undefined` for anything else. */
export function parseSign(text: string): Sign | undefined {
  const match = /^1 ([0-9a-z]{1,64}) ([\w.-]{1,99})$/.exec(text);
  return match === null ? undefined : { process: match[1] as string, word: match[2] as string };
}

/**
 * Writes one message or more, each `1 <process> <left> [[<id>, <as>], …]` and at most `maxPayload` bytes long; there is one
 * even without members. A member that doesn't fit into any message is left out.
 */
export function formatAnswers(
  process: string,
  members: ReadonlyMap<string, unknown>,
  maxPayload: number,
): string[] {
  const room = Math.min(longest, maxPayload - heading);
  const parts: string[][] = [[]];
  let left = room;
  for (const member of members) {
    const text = JSON.stringify(member);
    const size = Buffer.byteLength(text) + 1;
    if (size > room) continue;
    if (size > left) {
      parts.push([]);
      left = room;
    }
    parts.at(-1)?.push(text);
    left -= size;
  }
  return parts.map((part, index) => `1 ${process} ${parts.length - index - 1} [${part.join(",")}]`);
}

function isMember(value: unknown): value is [string, unknown] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string";
}

/** Reads an answer; `undefined` for anything else, because anybody who may publish to the subject may publish rubbish. */
export function parseAnswer(text: string): Answer | undefined {
  const match = /^1 ([0-9a-z]{1,64}) (\d{1,6}) (\[.*\])$/s.exec(text);
  if (match === null) return undefined;
  const process = match[1] as string;
  try {
    const members = (JSON.parse(match[3] as string) as unknown[]).filter(isMember);
    return { process, left: Number(match[2]), members: members.map(([id, as]) => ({ id, process, as })) };
  } catch {
    return undefined;
  }
}
