import { isOpen, type Wire } from "../link/wire.js";
import { frameOf } from "./frame.js";
import { RequestError } from "./request-error.js";

export type Handler = (input: unknown, context: { signal: AbortSignal }) => unknown;

/** How many requests of the server may be under way; more are refused. */
const mostRunning = 256;

/** Answers the server's requests. */
export class Answering {
  // Both are made when they are first needed, because most clients get no requests.
  #handlers: Map<string, Handler> | undefined;
  #running: Map<number | string, AbortController> | undefined;

  handle(name: string, handler: Handler): () => void {
    this.#handlers ??= new Map();
    const handlers = this.#handlers.set(name, handler);
    return () => handlers.get(name) === handler && handlers.delete(name);
  }

  async asked(wire: Wire, id: number | string, name: string, input: unknown): Promise<void> {
    this.#running ??= new Map();
    const running = this.#running;
    const controller = new AbortController();
    let answer: string;
    try {
      if (running.size >= mostRunning) throw new RequestError("", undefined, "too many requests", -32000);
      running.set(id, controller);
      answer = frameOf({ id, result: (await this.#answerTo(name, input, controller)) ?? null });
    } catch (error) {
      const known = error instanceof RequestError ? error : undefined;
      const { status: code = -32603, message = "internal error", data } = known ?? {};
      // The server is not told what went wrong. The page's own error log is, where there is one.
      if (!known) (globalThis as { reportError?(error: unknown): void }).reportError?.(error);
      answer = frameOf({ id, error: { code, message, data } });
    }
    running.delete(id);
    if (isOpen(wire)) wire.socket.send(answer);
  }

  /** The server no longer waits for the answer. */
  cancelled(id: number | string): void {
    this.#running?.get(id)?.abort();
  }

  #answerTo(name: string, input: unknown, controller: AbortController): unknown {
    if (name === "$/ping") return null;
    const handler = this.#handlers?.get(name);
    if (!handler) throw new RequestError("", undefined, "method not found", -32601);
    return handler(input, controller);
  }
}
