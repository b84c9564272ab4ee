import { type Duplex, duplexPair } from "node:stream";
import { deflateRawSync } from "node:zlib";
import type { CloseInfo } from "@ws/events";
import { acceptDeflate, readExtensionOffers } from "@ws/protocol";
import { frame, opcode } from "../faults/frames.fixture.js";
import { defaults } from "../options/resolve-options.js";
import type { TransportListener } from "../session/transport.js";
import { FrameSocket } from "./frame-socket.js";
import { socketSettings } from "./socket-settings.js";

/** What a listener was told, in order. */
type Told =
  | string
  | Uint8Array
  | readonly ["breached", number]
  | readonly ["ended", number]
  | readonly ["released"];

interface Given {
  readonly maxPayload?: number;
  readonly maxFragments?: number;
  readonly perMessageDeflate?: typeof defaults.perMessageDeflate;
  /** What the client offers; it must be acceptable. */
  readonly offer?: string;
  readonly early?: Buffer;
}

/** An open socket at the end of a pair in memory, and what it told. */
export class Case implements TransportListener {
  readonly near: Duplex;
  readonly client: Duplex;
  readonly socket: FrameSocket;
  readonly told: Told[] = [];
  /** Called for each thing that is told. */
  onTold: () => void = () => {};

  constructor({ offer, early = Buffer.alloc(0), ...limits }: Given = {}) {
    [this.near, this.client] = duplexPair();
    this.near.on("error", () => {});
    const settings = socketSettings({ ...defaults, ...limits });
    const offers = readExtensionOffers(offer === undefined ? [] : [offer]);
    const preferences = { clientNoContextTakeover: limits.perMessageDeflate === true };
    const agreement = acceptDeflate(offers, preferences);
    this.socket = new FrameSocket({ socket: this.near, early, listener: this, settings, agreement });
  }

  /** What the client sends is a copy, for what came is changed in place. */
  write(bytes: Uint8Array): void {
    this.client.write(Buffer.from(bytes));
  }

  end(bytes: Uint8Array): void {
    this.client.end(Buffer.from(bytes));
  }

  text(text: string): void {
    this.#note(text);
  }

  binary(bytes: Uint8Array): void {
    this.#note(bytes);
  }

  drained(): void {}

  breached(code: number): void {
    this.#note(["breached", code]);
  }

  ended({ code }: CloseInfo): void {
    this.#note(["ended", code]);
  }

  released(): void {
    this.#note(["released"]);
  }

  /** Waits until something is so, which must come with what is told. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        const before = this.onTold;
        this.onTold = () => {
          this.onTold = before;
          before();
          resolve();
        };
      });
    }
  }

  #note(told: Told): void {
    this.told.push(told);
    this.onTold();
  }
}

/** The payload of a compressed message. RFC 7692 §7.2.1. */
export function deflate(payload: Uint8Array | string): Buffer {
  return deflateRawSync(payload, { finishFlush: 2 }).subarray(0, -4);
}

export function compressed(payload: Uint8Array | string, code: number = opcode.text): Buffer {
  return frame(code, deflate(payload), { rsv: 4 });
}

/** Lets what was written arrive, and what waits for the next turn happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
