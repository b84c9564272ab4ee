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
import { cutOff } from "./cut-off.js";
import { ResponseFraming } from "./response-framing.js";

type HttpState = keyof typeof httpSendTransitions;

const disconnect: ReceiveEvent = { type: "http.disconnect" };

/** One HTTP request between the application and Node's `http`. Bodies stream in both directions. */
export class HttpSession {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #state: HttpState = "waiting";
  /**
   * The start of the response. Its head is held back until the first body part, so that an application that throws in
   * between can still be answered with 500.
   */
  #start: { readonly status: number; readonly framing: ResponseFraming } | undefined;
  #bodyRead = false;
  #fault: ProtocolError | undefined;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    // A client that resets the connection mid-way is noticed by `close`.
    request.on("error", ignore);
    response.on("error", ignore);
  }

  /** Whether nothing more is to be sent: the response is complete, whoever made it, or the client has left. */
  get isComplete(): boolean {
    return this.#state === "complete" || this.#response.closed;
  }

  /** Why the response was cut off in the middle, where the application sent a body of another length than it declared. */
  get fault(): ProtocolError | undefined {
    return this.#fault;
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

  /** The application's `send`. After the client has gone it does nothing, as ASGI demands. */
  readonly send: Send = async (event) => {
    const problem = sendEventProblem(event);
    if (problem !== undefined) throw new ProtocolError("ERR_WS_EVENT_INVALID", problem);
    const next = nextState<HttpState>(httpSendTransitions, this.#state, event);
    if (event.type === "http.response.start") {
      const { status, headers = [] } = event;
      this.#start = { status, framing: new ResponseFraming(String(this.#request.method), status, headers) };
    }
    const isLast = next === "complete";
    const body = event.type === "http.response.body" ? (event.body ?? new Uint8Array()) : undefined;
    if (body !== undefined) this.#count(body.length, isLast);
    this.#state = next;
    if (body !== undefined) await this.#write(body, isLast);
  };

  /** Destroys the connection at the end of a shutdown's grace. */
  terminate(): void {
    if (this.#response.headersSent) this.#response.destroy();
    else this.fail(503);
  }

  /** Answers in place of the application, or cuts the response off where it has already begun. */
  fail(status: number, headers: HeaderList = []): void {
    const lines = [["content-length", "0"], ["connection", "close"], ...headers].flat();
    if (this.#response.headersSent) cutOff(this.#response);
    else this.#response.writeHead(status, lines).end();
    this.#state = "complete";
  }

  /** Reads the next part of the body; `undefined` where the client left in the middle. */
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

  /**
   * Counts a part of the body. A body of the wrong length cannot be corrected once the head is out, so it is cut off: the
   * client must see that it is incomplete.
   */
  #count(bytes: number, isLast: boolean): void {
    if (this.#response.destroyed) return;
    try {
      this.#start?.framing.take(bytes, isLast);
    } catch (error) {
      if (this.#response.headersSent) {
        this.#fault = error as ProtocolError;
        cutOff(this.#response);
      }
      throw error;
    }
  }

  async #write(body: Uint8Array, isLast: boolean): Promise<void> {
    const response = this.#response;
    if (response.destroyed || this.#fault !== undefined || this.#start === undefined) return;
    const { status, framing } = this.#start;
    if (!response.headersSent) {
      response.writeHead(status, framing.headers(isLast ? body.length : undefined).flat());
    }
    const content = framing.hasBody ? body : new Uint8Array();
    if (isLast) {
      response.end(content);
    } else if (!response.write(content)) {
      await oneOf(response, ["drain", "close"]);
    }
  }
}

function ignore(): void {}

/** Waits for the first of these events. Errors that come before it are ignored. */
function oneOf(emitter: IncomingMessage | ServerResponse, events: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) emitter.off(event, done);
      resolve();
    };
    for (const event of events) emitter.on(event, done);
  });
}
