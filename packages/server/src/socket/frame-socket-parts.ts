import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { DeflateAgreement } from "@ws/protocol";
import type { TransportListener } from "../session/transport.js";
import type { SocketSettings } from "./socket-settings.js";

/** What a socket is made from when its handshake is complete. */
export interface FrameSocketParts {
  readonly socket: Duplex & Partial<Pick<Socket, "setTimeout" | "setNoDelay">>;
  /** The bytes that the client sent before its handshake was answered. */
  readonly early: Buffer;
  readonly listener: TransportListener;
  readonly settings: SocketSettings;
  /** What was negotiated for permessage-deflate; `undefined` where nothing was. */
  readonly agreement: DeflateAgreement | undefined;
}
