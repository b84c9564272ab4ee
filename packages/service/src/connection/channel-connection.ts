import type { Connection } from "@ws/connection";
import { isBytes, type PathParams, type RequestSpec } from "@ws/contract";
import { validateReceived } from "@ws/contract/validation";
import { errorCode, type Id, wireLimits } from "@ws/contract/wire";
import { CloseCode, ConnectionClosed, InvalidMessage } from "@ws/events";
import type { Served, Service } from "../channel/service.js";
import { fingerprintOf, runKeyed } from "../requests/keyed-request.js";
import { idUnderWay, RefusedRequest } from "../requests/request-error.js";
import { type RequestRun, RequestRuns } from "../requests/request-runs.js";
import { Subscriptions } from "../topics/subscriptions.js";
import { quietly } from "../wire/quietly.js";
import type { IncomingFrame } from "../wire/read-frame.js";
import { WorkQueue } from "../wire/work-queue.js";
import { errorFrame, internalError, replyFrame } from "../wire/write-frame.js";
import { handleRequest } from "./handle-request.js";
import { handlerContext } from "./handler-context.js";
import { logFailure } from "./log-failure.js";
import { authOf, expiryOf, userOf } from "./session-user.js";
import { ToClient } from "./to-client.js";

type Call = IncomingFrame & { readonly kind: "request" };
type Message = IncomingFrame & { readonly kind: "message" | "bytes" };

/** One client of a channel. Everything that it sends is dispatched here. */
export class ChannelConnection {
  readonly toClient: ToClient;
  readonly work: WorkQueue;
  readonly #service: Service;
  readonly #socket: Connection<unknown>;
  readonly #params: PathParams;
  readonly #runs = new RequestRuns();
  readonly #subscriptions: Subscriptions;
  /** How many malformed messages have come in a row. */
  #malformed = 0;
  #renewing: RequestRun | undefined;

  constructor(service: Service, socket: Connection<unknown>, params: PathParams) {
    const { table, encoders, lists, present, limits } = service;
    this.#service = service;
    this.#socket = socket;
    this.#params = params;
    this.toClient = new ToClient(service, socket);
    const { requests } = wireLimits;
    this.work = new WorkQueue({ running: requests, waiting: requests, waitingSize: limits.maxMessage });
    this.#subscriptions = new Subscriptions({
      socket,
      table,
      encoders,
      lists,
      present,
      tell: (text) => void this.#send(text),
      onFailed: (error, method) => this.failed(error, method),
    });
  }

  /** The context that a handler is given. */
  context(signal: AbortSignal): object {
    return handlerContext({ socket: this.#socket, params: this.#params, toClient: this.toClient }, signal);
  }

  /** Reports an error that is not sent to the client. The end of the connection is no error. */
  failed(error: unknown, method: string): void {
    if (error instanceof ConnectionClosed) return;
    const { limits, pattern } = this.#service;
    const server = this.#socket.scope.extensions["websocket.connection"];
    const info = { channel: pattern, method, connection: server?.id };
    if (limits.onError === undefined) logFailure(server, error, info);
    else limits.onError(error, info);
  }

  /** Takes a frame. It returns a promise where the socket must not be read until then. `size` is the length of the frame. */
  take(frame: IncomingFrame, size: number): Promise<void> | undefined {
    if (frame.kind === "malformed") return this.#refuse(errorFrame(frame.id, frame.error));
    if (frame.kind !== "message" && frame.kind !== "bytes") this.#malformed = 0;
    if (frame.kind === "reply" || frame.kind === "error") this.toClient.pending.settle(frame);
    else if (frame.kind === "request") return this.#takeRequest(frame, size);
    else if (frame.method === "$/cancelRequest") this.#cancel(frame.params);
    else if (!frame.method.startsWith("$/")) this.#takeMessage(frame, size);
    return undefined;
  }

  /** Ends everything, because the connection has ended. */
  end(error: unknown): void {
    this.#runs.end(error);
    this.toClient.pending.end(error);
    this.#subscriptions.end();
  }

  /** Sends a text, and never rejects: the end of the connection is noticed elsewhere. */
  #send(text: string): Promise<void> {
    return quietly(this.#socket.sendText(text));
  }

  /** Answers a frame that could not be understood. Too many of them in a row end the connection. */
  #refuse(answer: string | undefined): Promise<void> {
    this.#malformed += 1;
    const sending = answer === undefined ? Promise.resolve() : this.#send(answer);
    if (this.#malformed < wireLimits.malformed) return sending;
    return quietly(this.#socket.close(CloseCode.PolicyViolation, "too many malformed messages"));
  }

  #cancel(params: unknown): void {
    const { id } = Object(params) as { readonly id?: unknown };
    this.#runs.get(id as Id)?.cancel();
  }

  #takeMessage(frame: Message, size: number): void {
    const run = (): Promise<void> => this.#handleMessage(frame);
    this.work.add({ isAlone: true, size, run });
  }

  async #handleMessage({ kind, method, params }: Message): Promise<void> {
    const served = this.#service.messages.get(method);
    try {
      if (served === undefined || isBytes(served.spec) !== (kind === "bytes")) {
        throw new InvalidMessage("ERR_WS_MESSAGE_SCHEMA", `the channel has no such message: ${method}`);
      }
      const valid = validateReceived(served.spec, params);
      const message = valid instanceof Promise ? await valid : valid;
      this.#malformed = 0;
      await served.handle(message, this.context(this.#socket.signal));
    } catch (error) {
      if (!(error instanceof RefusedRequest)) this.failed(error, method);
      // A message has no answer, but a client that sends nothing else is closed.
      if (error instanceof InvalidMessage) await this.#refuse(undefined);
    }
  }

  #takeRequest(frame: Call, size: number): Promise<void> | undefined {
    const { id, method } = frame;
    if (method === "$/ping") return this.#send(replyFrame(id, null));
    if (this.#runs.get(id) !== undefined) return this.#send(errorFrame(id, idUnderWay));
    const handle = this.#handlerOf(frame);
    if (handle === undefined) {
      const message = `there is no request ${JSON.stringify(method.slice(0, 64))}`;
      return this.#send(errorFrame(id, { code: errorCode.methodNotFound, message }));
    }
    const run = this.#runs.add(id, (text) => this.#send(text));
    if (method === "$/authenticate") return void this.#execute(run, method, handle);
    this.work.add({ isAlone: false, size, run: () => this.#execute(run, method, handle) });
    return undefined;
  }

  /** Finds what is to be done for a request; `undefined` for an unknown one. */
  #handlerOf({ id, method, params }: Call): ((run: RequestRun) => Promise<void>) | undefined {
    if (method === "$/subscribe") return (run) => this.#subscribe(run, params);
    if (method === "$/unsubscribe") {
      return async (run) => {
        this.#subscriptions.unsubscribe(params);
        run.answer(replyFrame(id, null));
      };
    }
    if (method === "$/authenticate") return authOf(this.#socket) && ((run) => this.#renew(run, params));
    const served = this.#service.requests.get(method);
    return served && ((run) => this.#request(run, served, method, params));
  }

  /** Runs a request until its reply has been sent. It never rejects. */
  async #execute(run: RequestRun, method: string, handle: (run: RequestRun) => Promise<void>): Promise<void> {
    if (!run.isAnswered) {
      run.start(this.#service.limits.requestTimeout);
      try {
        await handle(run);
      } catch (error) {
        if (!(error instanceof RefusedRequest)) this.failed(error, method);
        run.fail(error instanceof RefusedRequest ? error.wire : internalError);
      }
    }
    await run.sent;
  }

  async #request(
    run: RequestRun,
    served: Served<RequestSpec>,
    method: string,
    params: unknown,
  ): Promise<void> {
    const execute = async (): Promise<string | undefined> => {
      const context = this.context(run.signal);
      const { frame, isFinal } = await handleRequest(run.id, served, params, context, (error) => {
        if (!run.signal.aborted) this.failed(error, method);
      });
      run.answer(frame);
      return isFinal ? frame : undefined;
    };
    if (typeof run.id === "number") return void (await execute());
    const { limits, pattern } = this.#service;
    const key = JSON.stringify([pattern, limits.owner(userOf(this.#socket)), run.id]);
    await runKeyed(run, { store: limits.replies, key, fingerprint: fingerprintOf(method, params), execute });
  }

  async #subscribe(run: RequestRun, params: unknown): Promise<void> {
    await this.#subscriptions.subscribe(
      params,
      ({ pattern, params: topicParams }, signal) => {
        const handle = this.#service.topics.get(pattern)?.handle;
        return handle?.(topicParams, this.context(AbortSignal.any([signal, run.signal])));
      },
      (result) => run.answer(replyFrame(run.id, result)),
    );
  }

  async #renew(run: RequestRun, params: unknown): Promise<void> {
    const auth = authOf(this.#socket);
    const { token } = Object(params) as { readonly token?: unknown };
    if (typeof token !== "string") {
      return run.fail({ code: errorCode.invalidParams, message: "expected a token" });
    }
    if (this.#renewing !== undefined) {
      return run.fail({ code: errorCode.invalidRequest, message: "a renewal is under way" });
    }
    this.#renewing = run;
    try {
      if (await auth?.renew(token)) run.answer(replyFrame(run.id, expiryOf(auth)));
      else run.fail({ code: errorCode.notAllowed, message: "not allowed" });
    } finally {
      this.#renewing = undefined;
    }
  }
}
