import { Deflate } from "../compression/deflate.js";
import { deflateSettings } from "../options/deflate-options.js";
import type { ConnectionOptions } from "../options/options.js";

/** The settings that the sockets of one server have in common. */
export interface SocketSettings {
  /** The longest message, in bytes. */
  readonly maxPayload: number;
  readonly maxFragments: number;
  /** How long a peer may read nothing of what is sent, in ms. */
  readonly sendTimeout: number;
  readonly deflate: Deflate | undefined;
}

/** @throws {TypeError} for invalid options of permessage-deflate, and the error of zlib for invalid options of zlib. */
export function socketSettings(options: ConnectionOptions): SocketSettings {
  const { maxPayload, maxFragments, sendTimeout, perMessageDeflate } = options;
  const settings = deflateSettings(perMessageDeflate);
  const deflate = settings === false ? undefined : new Deflate(settings, maxPayload);
  return { maxPayload, maxFragments, sendTimeout, deflate };
}
