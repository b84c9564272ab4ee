import { onTestFinished, vi } from "vitest";
import type { Data, WebSocketConstructor, WebSocketLike } from "./link/web-socket.js";

/** A socket that does what a test says, and writes down what it is told. */
export class FakeSocket implements WebSocketLike {
  binaryType = "";
  bufferedAmount = 0;
  readyState = 0;
  onopen: unknown;
  onmessage: unknown;
  onclose: unknown;
  onerror: unknown;
  readonly sent: Data[] = [];
  /** The code with which the client closed it; 1005 for none. */
  closedWith: number | undefined;
  readonly url: string;
  readonly protocols: readonly string[];

  constructor(url: string, protocols: readonly string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  send(data: Data): void {
    if (this.readyState === 0) throw new Error("it is not open yet");
    this.sent.push(data);
  }

  close(code?: number): void {
    this.closedWith ??= code ?? 1005;
    this.readyState = 2;
  }

  open(): void {
    this.readyState = 1;
    (this.onopen as () => void)();
  }

  message(data: string | ArrayBuffer): void {
    (this.onmessage as (event: object) => void)({ data });
  }

  /** The other side or the network ends it. */
  drop(code = 1006, reason = ""): void {
    this.readyState = 3;
    (this.onclose as (event: object) => void)({ code, reason });
  }

  /** Its handshake has failed, or something was wrong later on. */
  error(): void {
    (this.onerror as () => void)();
  }

  /** A message of the protocol. */
  tell(fields: object): void {
    this.message(JSON.stringify({ jsonrpc: "2.0", ...fields }));
  }

  hello(params: object = { maxMessage: 1_048_576, topics: 256 }): void {
    this.tell({ method: "$/hello", params });
  }

  /** What was sent, read. */
  get frames(): { id?: number | string; method?: string; params?: Record<string, unknown> }[] {
    return this.sent.map((data) => JSON.parse(String(data)));
  }

  framesOf(method: string): { id?: number | string; params?: Record<string, unknown> }[] {
    return this.frames.filter((frame) => frame.method === method);
  }
}

/** The sockets that a client opens. */
export interface FakeSockets {
  readonly all: FakeSocket[];
  readonly last: FakeSocket;
  readonly WebSocket: WebSocketConstructor;
}

export function fakeSockets(): FakeSockets {
  const all: FakeSocket[] = [];
  class WebSocket extends FakeSocket {
    constructor(url: string | URL, protocols?: string[]) {
      super(String(url), protocols ?? []);
      all.push(this);
    }
  }
  return {
    all,
    get last() {
      const socket = all.at(-1);
      if (!socket) throw new Error("no socket has been opened");
      return socket;
    },
    WebSocket,
  };
}

/** Timers that move when the test says so, and chance that always gives `random`. */
export function fakeTime({ random = 0.5 } = {}): void {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(random);
  onTestFinished(() => {
    vi.useRealTimers();
  });
}

/** Lets what waits for promises alone go on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
