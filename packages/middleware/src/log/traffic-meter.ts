import {
  CloseCode,
  ConnectionClosed,
  type Receive,
  type Send,
  type SendEvent,
  type WebSocketScope,
} from "@ws/events";
import { afterSend } from "../answering/after-send.js";
import { payloadSize } from "../counting/payload-size.js";

/** A close code and its reason. */
interface End {
  readonly code: number;
  readonly reason: string;
}

/** Counts what passes between an application and its server, and remembers how the connection ended. */
export class TrafficMeter {
  readonly #scope: WebSocketScope;
  readonly #receive: Receive;
  readonly #send: Send;
  readonly #onOpen: () => void;
  #status: number | undefined;
  #end: End | undefined;
  messagesReceived = 0;
  bytesReceived = 0;
  messagesSent = 0;
  bytesSent = 0;
  /** Whether the handshake was accepted. */
  isOpened = false;

  constructor(scope: WebSocketScope, receive: Receive, send: Send, onOpen: () => void) {
    this.#scope = scope;
    this.#receive = receive;
    this.#send = send;
    this.#onOpen = onOpen;
  }

  readonly receive: Receive = async () => {
    const event = await this.#receive();
    if (event.type === "websocket.receive") {
      this.messagesReceived += 1;
      this.bytesReceived += payloadSize(event);
    } else if (event.type === "websocket.disconnect") {
      this.#end ??= { code: event.code, reason: event.reason };
    }
    return event;
  };

  readonly send: Send = (event) =>
    afterSend(this.#scope.extensions, this.#send, event, () => {
      if (event.type === "websocket.send") {
        this.messagesSent += 1;
        this.bytesSent += payloadSize(event);
      } else {
        this.#changed(event);
      }
    });

  #changed(event: SendEvent): void {
    if (event.type === "websocket.accept") {
      this.isOpened = true;
      this.#onOpen();
    } else if (event.type === "websocket.http.response.start") {
      this.#status = event.status;
    } else if (event.type === "websocket.close") {
      // A close that comes after the end changes nothing.
      if (this.#end !== undefined) return;
      if (!this.isOpened) this.#status ??= 403;
      this.#end = { code: event.code ?? CloseCode.NormalClosure, reason: event.reason ?? "" };
    }
  }

  /** How the connection ended, or how the server is about to end it now that its application has returned or thrown. */
  end(hasThrown: boolean): End {
    const left = { code: hasThrown ? CloseCode.InternalError : CloseCode.NormalClosure, reason: "" };
    return this.#told() ?? this.#end ?? left;
  }

  /** The status with which a handshake was refused; 499 where its client left before that. */
  status(hasThrown: boolean): number {
    const initiator = this.#told()?.initiator;
    if (initiator === "server") return 503;
    if (initiator === "client" || initiator === "network") return 499;
    if (this.#status !== undefined) return this.#status;
    if (this.#end !== undefined) return 499;
    return hasThrown ? 500 : 403;
  }

  /** How the connection ended according to the server. */
  #told(): ConnectionClosed | undefined {
    const reason: unknown = this.#scope.extensions["websocket.disconnect"]?.signal.reason;
    return reason instanceof ConnectionClosed ? reason : undefined;
  }
}
