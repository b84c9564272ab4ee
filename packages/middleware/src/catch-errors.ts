import {
  type ApplicationState,
  CloseCode,
  ConnectionClosed,
  type HttpScope,
  type Receive,
  type Send,
  type TransparentMiddleware,
  type WebSocketScope,
} from "@ws/events";
import { describeValue } from "@ws/events/checks";
import { advance } from "./answering/advance.js";
import { afterSend } from "./answering/after-send.js";
import { deny } from "./answering/denial.js";
import { forRequests } from "./composing/for-web-socket.js";

/** Is told of an error and waited for; what it returns doesn't matter. */
export type OnError = (error: unknown, scope: WebSocketScope | HttpScope) => unknown;

/** `receive` and `send`, watched so that a failure can be answered. */
interface Watched {
  readonly receive: Receive;
  readonly send: Send;
  /** Answers in the application's place; `false` where an answer has begun that can't be taken back. */
  answer(): Promise<boolean>;
}

/**
 * Tells `onError` what the application throws, and answers: 500 where nothing was answered, close 1011 on a connection
 * that is open. The error then goes no further, unless the answer was under way or `onError` itself throws.
 * `ConnectionClosed` is no error and passes.
 */
export function catchErrors(onError: OnError): TransparentMiddleware {
  if (typeof onError !== "function") {
    throw new TypeError(`catchErrors: expected a function (error, scope), got ${describeValue(onError)}`);
  }
  return forRequests("catchErrors(…)", async (application, scope, receive, send) => {
    const watched = scope.type === "http" ? watchHttp(scope, receive, send) : watch(scope, receive, send);
    try {
      await application(scope, watched.receive, watched.send);
    } catch (error) {
      if (error instanceof ConnectionClosed) throw error;
      const isDone = (await isTold(onError, error, scope)) && (await watched.answer());
      if (!isDone) throw error;
    }
  });
}

/** Whether `onError` took it. What it throws itself must not stand in the place of the error that it was told. */
async function isTold(onError: OnError, error: unknown, scope: WebSocketScope | HttpScope): Promise<boolean> {
  try {
    await onError(error, scope);
    return true;
  } catch {
    return false;
  }
}

function watch(scope: WebSocketScope, receive: Receive, send: Send): Watched {
  let state: ApplicationState = "connecting";
  let isConnectRead = false;
  const change: Send = (event) =>
    afterSend(scope.extensions, send, event, () => {
      state = advance(state, event);
    });
  return {
    receive: () => {
      isConnectRead = true;
      return receive();
    },
    send: (event) => (event.type === "websocket.send" ? send(event) : change(event)),
    answer: async () => {
      if (state === "connecting") {
        if (!isConnectRead) await receive();
        await deny(scope, send, { status: 500 });
      } else if (state === "connected") {
        await send({ type: "websocket.close", code: CloseCode.InternalError });
      }
      return state !== "denying";
    },
  };
}

function watchHttp(scope: HttpScope, receive: Receive, send: Send): Watched {
  let isStarted = false;
  return {
    receive,
    send: (event) =>
      afterSend(scope.extensions, send, event, () => {
        isStarted = true;
      }),
    answer: async () => {
      if (!isStarted) await deny(scope, send, { status: 500 });
      return !isStarted;
    },
  };
}
