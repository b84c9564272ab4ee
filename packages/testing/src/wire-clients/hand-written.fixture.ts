// A client of the protocol that is written by hand, without a line of `@ws/client`: a program that is told what to do by lines. It has
// no hand-over.
import { createInterface } from "node:readline";
import { parsePosition } from "@ws/contract/wire";
import { WebSocket } from "ws";

type Json = Record<string, unknown>;

interface Joined {
  at: string | undefined;
  isTold: boolean;
  isResumable: boolean;
  /** What its last request asks for: anything else that comes is stale. */
  asked: "join" | "leave" | undefined;
  isWanted: boolean;
}

interface Asked {
  readonly n: number;
  readonly frame: Json;
  isSent: boolean;
}

const url = process.argv.at(-1) as string;
const topics = new Map<string, Joined>();
const asked = new Map<unknown, Asked>();
const own = new Map<unknown, (answer: Json) => void>();
const unsent: Json[] = [];
let ids = 0;
let socket: WebSocket;
/** Whether the server has said hello. */
let isOpen = false;

const tell = (line: Json): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const write = (frame: Json): void => socket.send(JSON.stringify({ jsonrpc: "2.0", ...frame }));

function ask(method: string, params: Json, answered: (answer: Json) => void): void {
  ids += 1;
  own.set(ids, answered);
  write({ id: ids, method, params });
}

function gap(topic: string, joined: Joined, reason: unknown, missed: unknown): void {
  joined.isTold = true;
  tell({ topic, gap: { reason, missed } });
}

/** Moves to a position that is `step` messages on, and tells what is missing; `false` for one that has been passed. */
function move(topic: string, joined: Joined, at: string, step: number): boolean {
  const [from, to] = [parsePosition(joined.at ?? ""), parsePosition(at)];
  if (from && to && from.epoch === to.epoch) {
    const ahead = to.sequence - from.sequence;
    if (ahead < 1) return false;
    if (ahead > step && !joined.isTold) gap(topic, joined, "lost", ahead - step);
  } else if (from && !joined.isTold && joined.isResumable) gap(topic, joined, "epoch", null);
  joined.at = at;
  joined.isTold = false;
  return true;
}

function join(topic: string, joined: Joined): void {
  joined.asked = "join";
  const from = joined.at;
  ask("$/subscribe", { topic, from }, ({ error, result }) => {
    if (error) {
      topics.delete(topic);
      return tell({ topic, ended: (error as Json)["code"] });
    }
    const { at, resumable } = result as { at: string; resumable: boolean };
    joined.isResumable = resumable;
    if (from && !resumable) gap(topic, joined, "interrupted", null);
    move(topic, joined, at, 0);
  });
}

function leave(topic: string, joined: Joined): void {
  joined.asked = "leave";
  ask("$/unsubscribe", { topic }, () => {
    joined.at = undefined;
    if (joined.isWanted) join(topic, joined);
    else topics.delete(topic);
  });
}

function notified(method: string, params: Json): void {
  const topic = params["topic"] as string;
  const joined = topics.get(topic);
  if (method === "$/hello") opened();
  else if (!method.startsWith("$/")) tell({ message: method, params });
  else if (!joined || joined.asked === "leave") return;
  else if (method === "$/event") {
    const { at, data } = params as { at: string; data?: unknown };
    if (move(topic, joined, at, 1) && data !== undefined) tell({ topic, data });
  } else if (method === "$/gap") gap(topic, joined, params["reason"], params["missed"]);
  else if (method === "$/ended") {
    topics.delete(topic);
    tell({ topic, ended: params["code"] });
  }
}

function replied(id: unknown, { error, result }: Json): void {
  own.get(id)?.({ error, result });
  own.delete(id);
  const found = asked.get(id);
  if (found) tell({ n: found.n, result, error });
  asked.delete(id);
}

function received(text: string): void {
  const { id, method, params = {}, ...answer } = JSON.parse(text) as Json;
  if (method === undefined) replied(id, answer);
  else if (id === undefined) notified(method as string, params as Json);
  else if (method === "$/ping") write({ id, result: null });
  else if (method === "confirm") write({ id, result: params });
  else write({ id, error: { code: -32601, message: "method not found" } });
}

/** The server has said hello: topics first, then what was asked, then what waits. */
function opened(): void {
  isOpen = true;
  for (const [topic, joined] of topics) join(topic, joined);
  for (const each of asked.values()) {
    each.isSent = true;
    write(each.frame);
  }
  for (const frame of unsent.splice(0)) write(frame);
}

function lost(code: number): void {
  isOpen = false;
  own.clear();
  for (const [id, { isSent, n }] of asked) {
    if (!isSent || typeof id === "string") continue;
    asked.delete(id);
    tell({ n, error: { code: 0, message: "lost" } });
  }
  if ((code >= 4_400 && code < 4_425) || code === 1_002) return tell({ closed: true });
  setTimeout(connect, Math.random() * 100);
}

function connect(): void {
  socket = new WebSocket(url, ["jsonrpc.topics.v1"]);
  socket.on("message", (data) => received(String(data)));
  socket.on("close", lost);
}

createInterface(process.stdin).on("line", (text) => {
  const { do: what, key, n, name, params, topic } = JSON.parse(text) as Json;
  const joined = topics.get(topic as string);
  if (what === "send") {
    if (isOpen) write({ method: name, params });
    else unsent.push({ method: name, params });
  } else if (what === "request") {
    ids += 1;
    const one: Asked = { n: n as number, frame: { id: key ?? ids, method: name, params }, isSent: isOpen };
    asked.set(key ?? ids, one);
    if (one.isSent) write(one.frame);
  } else if (what === "cancel") {
    for (const [id, one] of asked) if (one.n === n) write({ method: "$/cancelRequest", params: { id } });
  } else if (what === "subscribe") {
    if (joined) joined.isWanted = true;
    else {
      const made: Joined = {
        at: undefined,
        isTold: false,
        isResumable: true,
        asked: undefined,
        isWanted: true,
      };
      topics.set(topic as string, made);
      if (isOpen) join(topic as string, made);
    }
  } else if (what === "unsubscribe" && joined) {
    joined.isWanted = false;
    leave(topic as string, joined);
  }
});
connect();
