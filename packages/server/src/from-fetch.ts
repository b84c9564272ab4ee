import {
  type Application,
  type HeaderList,
  type HttpScope,
  type Receive,
  requestUrl,
  type Send,
} from "@ws/events";

/** A handler of the platform's fetch types: Hono's, h3's or itty's `fetch`, a bare function. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** The request's body as it comes; a client that leaves in the middle is an error to whoever reads. */
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

/** Aborts when the client has left; takes what comes before, so it must be the only reader. */
async function watch(receive: Receive, controller: AbortController): Promise<void> {
  for (;;) {
    const { type } = await receive();
    if (type === "http.disconnect") return controller.abort();
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

async function respond(response: Response, send: Send, signal: AbortSignal): Promise<void> {
  const headers: HeaderList = [...response.headers];
  await send({ type: "http.response.start", status: response.status, headers });
  if (response.body !== null) {
    const reader = response.body.getReader();
    // A stream that has no end of its own ends with its client, also with one that left before it began.
    const cancel = (): void => void reader.cancel(signal.reason).catch(() => {});
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel);
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      await send({ type: "http.response.body", body: value, moreBody: true });
    }
  }
  await send({ type: "http.response.body" });
}

/** The methods that the platform's `Request` knows no word for. Fetch standard, "forbidden method". */
const unsupported: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);

async function refuse(status: number, send: Send): Promise<void> {
  await send({ type: "http.response.start", status });
  await send({ type: "http.response.body" });
}

/**
 * Makes an application of a fetch handler: bodies stream both ways, and the request's signal is aborted when its
 * client leaves.
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
    const response = await handler(request);
    // A body that the handler did not want is read off, so that the client's leaving shows.
    if (request.body !== null && !request.bodyUsed) void watch(receive, controller);
    await respond(response, send, controller.signal);
  };
}
