import type { Presence } from "../../../engine/engine.js";

/** As much goes into one message at most, in bytes, also where the server takes more. */
const longest = 262_144;
/** The most that stands before the members, in bytes. */
const heading = 128;

/** What a process says to all: `hello`, `beat`, `bye`, or the topic that it asks about. */
export interface Sign {
  readonly process: string;
  readonly word: string;
}

/** Part of what a process answers to a question about a topic. */
export interface Answer {
  readonly process: string;
  /** How many parts still come. */
  readonly left: number;
  readonly members: readonly Presence[];
}

/** `1 <process> <word>`, where 1 is the version of this form. */
export function formatSign(process: string, word: string): string {
  return `1 ${process} ${word}`;
}

/** `undefined` for anything else. */
export function parseSign(text: string): Sign | undefined {
  const match = /^1 ([0-9a-z]{1,64}) ([\w.-]{1,99})$/.exec(text);
  return match === null ? undefined : { process: match[1] as string, word: match[2] as string };
}

/**
 * One message or more, each `1 <process> <left> [[<id>, <as>], …]` and at most `maxPayload` bytes; also where nobody is
 * there. A member that doesn't go into any message is left out.
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

/** `undefined` for anything else: who may publish to the subject at all may publish rubbish. */
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
