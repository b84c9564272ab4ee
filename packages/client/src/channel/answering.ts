import { isOpen, type Wire } from "../link/wire.js";
import { frameOf } from "./frame.js";
import { RequestError } from "./request-error.js";

type Handler = (input: unknown, context: { signal: AbortSignal }) => unknown;

/** Answers the server's requests. */
export interface Answering {
  handle(name: string, handler: Handler): () => boolean;
  asked(wire: Wire, id: number | string, name: string, input: unknown): Promise<void>;
  /** Nobody waits any more for the answer. */
  cancelled(id: number | string): void;
}

/** Above so many requests of the server under way they are refused. */
const mostRunning = 256;

export function createAnswering(): Answering {
  // Both are made for the first who needs them: most clients are asked nothing.
  let handlers: Map<string, Handler> | undefined;
  let running: Map<number | string, AbortController> | undefined;

  const answerTo = (name: string, input: unknown, controller: AbortController): unknown => {
    if (name === "$/ping") return null;
    const handler = handlers?.get(name);
    if (!handler) throw new RequestError("", undefined, "method not found", -32601);
    return handler(input, controller);
  };

  return {
    handle(name, handler) {
      handlers ??= new Map();
      handlers.set(name, handler);
      return () => handlers?.get(name) === handler && handlers.delete(name);
    },
    async asked(wire, id, name, input) {
      running ??= new Map();
      const controller = new AbortController();
      let answer: string;
      try {
        if (running.size >= mostRunning) throw new RequestError("", undefined, "too many requests", -32000);
        running.set(id, controller);
        answer = frameOf({ id, result: (await answerTo(name, input, controller)) ?? null });
      } catch (error) {
        const known = error instanceof RequestError ? error : undefined;
        const { status: code = -32603, message = "internal error", data } = known ?? {};
        // The server is not told what it was; the page's own log is, where there is one.
        if (!known) (globalThis as { reportError?(error: unknown): void }).reportError?.(error);
        answer = frameOf({ id, error: { code, message, data } });
      }
      running.delete(id);
      if (isOpen(wire)) wire.socket.send(answer);
    },
    cancelled: (id) => running?.get(id)?.abort(),
  };
}
