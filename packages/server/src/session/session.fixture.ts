import type { CloseInfo, FailedCall, HeaderList, WebSocketSendEvent } from "@ws/events";
import { defaults } from "../options/resolve-options.js";
import type { CloseState } from "./close-state.js";
import type { Limits } from "./limits.js";
import { Session } from "./session.js";
import { FakeClock } from "./timing/clock.fixture.js";
import { TimerQueue } from "./timing/timer-queue.js";
import type { Handshake, OpenSocket } from "./transport.js";

/** A transport that writes down what it is told. */
export class FakeTransport implements Handshake, OpenSocket {
  readonly calls: unknown[][] = [];
  buffered = 0;
  received = 0;
  unfinished = 0;
  /** Whether a handshake can still be completed. */
  isThere = true;

  listen(): void {}

  accept(subprotocol: string | undefined, headers: HeaderList): OpenSocket | undefined {
    this.calls.push(["accept", subprotocol, headers]);
    return this.isThere ? this : undefined;
  }

  refuse(status: number, headers: HeaderList): void {
    this.calls.push(["refuse", status, headers]);
  }

  respond(status: number, headers: HeaderList): void {
    this.calls.push(["respond", status, headers]);
  }

  respondBody(body: Uint8Array, more: boolean): void {
    this.calls.push(["respondBody", body.length, more]);
  }

  send(event: WebSocketSendEvent): void {
    this.calls.push(["send", event.text ?? event.bytes]);
  }

  awaitDrain(): void {
    this.calls.push(["awaitDrain"]);
  }

  ping(): void {
    this.calls.push(["ping"]);
  }

  probe(): void {
    this.calls.push(["probe"]);
  }

  close(code: number, reason: string): void {
    this.calls.push(["close", code, reason]);
  }

  pause(): void {
    this.calls.push(["pause"]);
  }

  resume(): void {
    this.calls.push(["resume"]);
  }

  terminate(): void {
    this.calls.push(["terminate"]);
  }

  /** What it was told since the last time. */
  take(): unknown[][] {
    return this.calls.splice(0);
  }
}

/** A session on fakes, and what it told its listener. */
export class SessionFixture {
  readonly transport: FakeTransport = new FakeTransport();
  readonly clock: FakeClock = new FakeClock();
  readonly told: string[] = [];
  readonly failed: FailedCall[] = [];
  readonly session: Session;

  constructor(limits: Partial<Limits> = {}, subprotocols: readonly string[] = []) {
    const { transport, clock, told, failed } = this;
    this.session = new Session({
      handshake: transport,
      clock,
      timers: new TimerQueue(clock),
      limits: { ...defaults, ...limits },
      subprotocols,
      listener: {
        onFailedCall: (call) => failed.push(call),
        settled: () => told.push("settled"),
        opened: () => told.push("opened"),
        ended: (end: CloseState) => told.push(`ended ${end.code} ${end.initiator}`),
        released: () => told.push("released"),
      },
    });
  }

  /** Accepts, and forgets what that did. */
  async open(): Promise<void> {
    await this.session.receive();
    await this.session.send({ type: "websocket.accept" });
    this.transport.take();
  }

  text(text: string): void {
    this.session.text(text, Buffer.byteLength(text));
  }
}

export const gone: CloseInfo = { code: 1006, reason: "", wasClean: false, initiator: "network" };
