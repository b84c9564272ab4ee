import type { IncomingMessage, ServerResponse } from "node:http";
import {
  type HeaderList,
  httpSendTransitions,
  nextState,
  ProtocolError,
  type Receive,
  type ReceiveEvent,
  type Send,
  sendEventProblem,
} from "@ws/events";

type HttpState = keyof typeof httpSendTransitions;

const disconnect: ReceiveEvent = { type: "http.disconnect" };

/** One HTTP request between the application and Node's `http`: bodies stream both ways. */
export class HttpSession {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #state: HttpState = "waiting";
  /** Kept until the first body, so that an application that throws in between can still be answered with 500. */
  #head: { readonly status: number; readonly headers: HeaderList } | undefined;
  #bodyRead = false;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    // A client that resets mid-way shows as `close`.
    request.on("error", ignore);
    response.on("error", ignore);
  }

  /** Whether the application has nothing more to send: the response is whole, by whoever made it, or its client left. */
  get isComplete(): boolean {
    return this.#state === "complete" || this.#response.closed;
  }

  /** The application's `receive`: the body in the parts in which it comes, then the disconnect. */
  readonly receive: Receive = async () => {
    if (!this.#bodyRead) {
      const event = await this.#readBody();
      if (event !== undefined) return event;
    }
    if (!this.#response.closed) await oneOf(this.#response, ["close"]);
    return disconnect;
  };

  /** The application's `send`. After the client has gone it does nothing, as ASGI says. */
  readonly send: Send = async (event) => {
    const problem = sendEventProblem(event);
    if (problem !== undefined) throw new ProtocolError("ERR_WS_EVENT_INVALID", problem);
    const next = nextState<HttpState>(httpSendTransitions, this.#state, event);
    const isBody = event.type === "http.response.body";
    const written = isBody ? this.#write(event.body ?? new Uint8Array(), next === "responding") : undefined;
    if (event.type === "http.response.start")
      this.#head = { status: event.status, headers: event.headers ?? [] };
    this.#state = next;
    await written;
  };

  /** Answers in the application's place, or cuts the response off where it has begun. */
  fail(status: number, headers: HeaderList = []): void {
    const lines = [["content-length", "0"], ["connection", "close"], ...headers].flat();
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(status, lines).end();
    this.#state = "complete";
  }

  /** `undefined` where the client left in the middle. */
  async #readBody(): Promise<ReceiveEvent | undefined> {
    const request = this.#request;
    for (;;) {
      const body = request.read() as Buffer | null;
      if (body !== null) return { type: "http.request", body: new Uint8Array(body), moreBody: true };
      if (request.readableEnded) {
        this.#bodyRead = true;
        return { type: "http.request", body: new Uint8Array(), moreBody: false };
      }
      if (request.destroyed) return undefined;
      await oneOf(request, ["readable", "end", "close"]);
    }
  }

  async #write(body: Uint8Array, more: boolean): Promise<void> {
    const response = this.#response;
    if (response.destroyed) return;
    this.#writeHead(body.length, more);
    if (!more) {
      response.end(body);
    } else if (!response.write(body)) {
      await oneOf(response, ["drain", "close"]);
    }
  }

  #writeHead(length: number, more: boolean): void {
    if (this.#head === undefined) return;
    const { status, headers } = this.#head;
    this.#head = undefined;
    const framed = headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
    const bodiless = status === 204 || status === 304;
    const lines =
      more || framed || bodiless ? headers : [...headers, ["content-length", String(length)] as const];
    this.#response.writeHead(status, lines.flat());
  }
}

function ignore(): void {}

/** Waits for the first of these events; an `error` that comes before it is no matter of ours. */
function oneOf(emitter: IncomingMessage | ServerResponse, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) emitter.off(event, done);
      resolve();
    };
    for (const event of events) emitter.on(event, done);
  });
}
