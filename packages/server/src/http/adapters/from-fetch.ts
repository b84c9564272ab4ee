import {
  type Address,
  type Application,
  type HttpScope,
  type Receive,
  requestUrl,
  type Send,
} from "@ws/events";
import { headersToSend } from "./fetched-headers.js";

/** What a handler may need and a `Request` cannot hold. */
export interface FetchContext {
  /** The client's address and port, which is found behind trusted proxies too; `null` on a unix socket. */
  readonly client: Address | null;
  /** A shallow copy of the lifespan's `state`, made for each request. */
  readonly state: Record<string, unknown>;
  /** The scope of the request. ASGI www 2.5, "HTTP Connection Scope". */
  readonly scope: HttpScope;
}

/** A handler of the platform's fetch types: the `fetch` of Hono, h3 or itty, or a plain function. */
export type FetchHandler = (request: Request, context: FetchContext) => Response | Promise<Response>;

/** The request's body as a stream. Where the client leaves in the middle, reading it fails. */
function bodyOf(receive: Receive, onEnd: () => void): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      async pull(controller) {
        const event = await receive();
        if (event.type !== "http.request") {
          onEnd();
          return controller.error(new Error("the client left before the whole body came"));
        }
        controller.enqueue(event.body);
        if (event.moreBody) return;
        controller.close();
        onEnd();
      },
    },
    { highWaterMark: 0 },
  );
}

/**
 * Aborts when the client has left. It drops the body parts that come before, so nobody else may read the body. It never
 * rejects.
 */
async function watch(receive: Receive, controller: AbortController): Promise<void> {
  try {
    while ((await receive()).type !== "http.disconnect");
    controller.abort();
  } catch (error) {
    // The `receive` of a middleware may fail, and nobody awaits this function.
    controller.abort(error);
  }
}

function requestOf(scope: HttpScope, receive: Receive, controller: AbortController): Request {
  const { method } = scope;
  const headers = new Headers(scope.headers.map(([name, value]) => [name, value] as [string, string]));
  const init: RequestInit & { duplex?: "half" } = { method, headers, signal: controller.signal };
  if (method !== "GET" && method !== "HEAD") {
    init.body = bodyOf(receive, () => void watch(receive, controller));
    init.duplex = "half";
  }
  return new Request(requestUrl(scope), init);
}

/**
 * A reader of the response's body. Reading ends when the client leaves, even if it left before reading began, because the
 * stream itself may never end.
 */
function readerOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): ReadableStreamDefaultReader<Uint8Array> {
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => {});
  if (signal.aborted) cancel();
  else signal.addEventListener("abort", cancel);
  return reader;
}

const nothing = new Uint8Array();

async function respond(response: Response, method: string, send: Send, signal: AbortSignal): Promise<void> {
  // The body of an answer to HEAD is not read, and the stream may never end.
  if (method === "HEAD") void response.body?.cancel().catch(() => {});
  const reader = method === "HEAD" || response.body === null ? undefined : readerOf(response.body, signal);
  // The first part shows whether the headers describe the body correctly.
  let part = await reader?.read();
  const headers = headersToSend(response, part?.value ?? nothing);
  await send({ type: "http.response.start", status: response.status, headers });
  while (reader !== undefined && part?.value !== undefined) {
    await send({ type: "http.response.body", body: part.value, moreBody: true });
    part = await reader.read();
  }
  await send({ type: "http.response.body" });
}

/** The methods that the platform's `Request` refuses. Fetch standard, "forbidden method". */
const unsupported: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

async function refuse(status: number, send: Send): Promise<void> {
  await send({ type: "http.response.start", status });
  await send({ type: "http.response.body" });
}

/**
 * Makes an application of a fetch handler. Bodies stream in both directions, and the request's signal is aborted when the
 * client leaves. A handler may pass on a `Response` that it got from `fetch`: the body of such a response was decoded, so
 * the headers that describe its coding are left out.
 *
 * @throws {TypeError} for a scope other than `http`.
 */
export function fromFetch(handler: FetchHandler): Application {
  return async (scope, receive, send) => {
    if (scope.type !== "http") throw new TypeError(`fromFetch: expected an http scope, got ${scope.type}`);
    if (unsupported.has(scope.method)) return await refuse(405, send);
    const controller = new AbortController();
    const request = requestOf(scope, receive, controller);
    if (request.body === null) void watch(receive, controller);
    const response = await handler(request, { client: scope.client, state: scope.state, scope });
    // A body that the handler did not read is read to its end here, because a client that leaves shows only to a reader.
    if (request.body !== null && !request.bodyUsed) void watch(receive, controller);
    await respond(response, scope.method, send, controller.signal);
  };
}
