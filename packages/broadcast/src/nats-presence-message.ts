import type { Presence } from "./engine.js";

/** How many members go into one message: each is 1 KiB at most, and a server takes 1 MiB. */
const most = 256;

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

/** One message or more, each `1 <process> <left> [[<id>, <as>], …]`; also where nobody is there. */
export function formatAnswers(process: string, members: ReadonlyMap<string, unknown>): string[] {
  const all = [...members];
  const count = Math.max(1, Math.ceil(all.length / most));
  return Array.from({ length: count }, (_, part) => {
    const some = all.slice(part * most, (part + 1) * most);
    return `1 ${process} ${count - part - 1} ${JSON.stringify(some)}`;
  });
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
