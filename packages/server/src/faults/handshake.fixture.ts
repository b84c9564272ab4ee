import type { Application, Receive, ReceiveEvent, Send, WebSocketScope } from "@ws/events";
import { exchange, handshake, portOf, webSocket } from "../raw.fixture.js";
import { type Server, serve } from "../serve.js";

/** Options that make every deadline short. */
export const short = { port: 0, closeTimeout: 50 } as const;

/** A handshake in which one part is replaced. */
export function changed(part: string, by: string): string {
  const whole = handshake();
  if (!whole.includes(part)) throw new Error(`no ${part} in a handshake`);
  return whole.replace(part, () => by);
}

/** A handshake with more lines. */
export function withLines(...lines: readonly string[]): string {
  return handshake("/", lines);
}

/** What came back, in parts. */
export interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** How many responses there were. */
  readonly responses: number;
}

export function readAnswer(raw: string): Answer {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line) => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)] as const;
  });
  return {
    status: Number(first.split(" ")[1]),
    headers: new Map(headers),
    body: rest.join("\r\n\r\n"),
    responses: raw.match(/HTTP\/1\.1 /g)?.length ?? 0,
  };
}

/** Writes latin-1 and gives the answer; resolves only when the server has closed. */
export async function ask(server: Server, request: string): Promise<Answer> {
  return readAnswer(await exchange(portOf(server), Buffer.from(request, "latin1")));
}

/** A server whose application notes the scopes that it is given, accepts each and returns. */
export class Noting {
  readonly scopes: WebSocketScope[] = [];
  readonly application: Application = webSocket(async (scope, _receive, send) => {
    this.scopes.push(scope);
    await send({ type: "websocket.accept" });
  });

  /** The paths that it was called with. */
  get paths(): string[] {
    return this.scopes.map(({ path }) => path);
  }

  start(options: Parameters<typeof serve>[1] = {}): Promise<Server> {
    return serve(this.application, { ...short, ...options });
  }
}

/** What one connection of an application came to. */
export interface Outcome {
  /** What escaped it, or what `run` gave. */
  readonly result: unknown;
  readonly isError: boolean;
}

/** An application that runs `run` for its one connection, and tells how that ended. */
export function once(run: (send: Send, receive: Receive, scope: WebSocketScope) => Promise<unknown>): {
  readonly application: Application;
  readonly outcome: Promise<Outcome>;
} {
  let settle!: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  const application = webSocket(async (scope, receive, send) => {
    try {
      settle({ result: await run(send, receive, scope), isError: false });
    } catch (error) {
      settle({ result: error, isError: true });
      throw error;
    }
  });
  return { application, outcome };
}

/** Receives until the disconnect, and gives it. */
export async function untilDisconnect(receive: Receive): Promise<ReceiveEvent> {
  for (;;) {
    const event = await receive();
    if (event.type === "websocket.disconnect") return event;
  }
}
