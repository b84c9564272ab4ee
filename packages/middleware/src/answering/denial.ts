import type { HeaderList, HttpScope, Receive, Send, WebSocketScope } from "@ws/events";

/** A response in place of the application's. It has no body. */
export interface Denial {
  /** The status, from 300 to 599. */
  readonly status: number;
  readonly headers?: HeaderList;
}

/** Refuses a request whose application has not run, so that nobody has read `websocket.connect` yet. */
export async function refuse(
  scope: WebSocketScope | HttpScope,
  receive: Receive,
  send: Send,
  denial: Denial,
): Promise<void> {
  if (scope.type === "websocket") await receive();
  await deny(scope, send, denial);
}

/** Answers a request that has not been answered. Where the server cannot send a denial, a WebSocket gets a bare 403. */
export async function deny(
  scope: WebSocketScope | HttpScope,
  send: Send,
  { status, headers = [] }: Denial,
): Promise<void> {
  const head = { status, headers: [...headers, ["content-length", "0"] as const] };
  if (scope.type === "http") {
    await send({ type: "http.response.start", ...head });
    await send({ type: "http.response.body" });
  } else if (scope.extensions["websocket.http.response"] === undefined) {
    await send({ type: "websocket.close" });
  } else {
    await send({ type: "websocket.http.response.start", ...head });
    await send({ type: "websocket.http.response.body" });
  }
}
