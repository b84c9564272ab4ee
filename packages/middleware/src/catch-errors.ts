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

/** Is given an error, and awaited. Its result is ignored. */
export type OnError = (error: unknown, scope: WebSocketScope | HttpScope) => unknown;

/** `receive` and `send` that are watched, so that a failure can be answered. */
interface Watched {
  readonly receive: Receive;
  readonly send: Send;
  /** Answers in place of the application; `false` where an answer has begun that cannot be taken back. */
  answer(): Promise<boolean>;
}

/**
 * Passes an error that the application throws to `onError`, and answers: with 500 where nothing was answered, with close
 * 1011 on an open connection. The error goes no further, unless an answer was already under way or `onError` itself throws.
 * `ConnectionClosed` is no error and passes through.
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

/** Whether `onError` handled the error. If it throws itself, its error must not replace the original one. */
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
