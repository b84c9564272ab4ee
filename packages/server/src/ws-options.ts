import { deflateSettings } from "./deflate-options.js";
import type { ConnectionOptions } from "./options.js";

/** How many chunks of one message may be buffered: enough for 64 KiB that come byte by byte. */
const leastChunks = 65_600;

/** Every limit that `ws` knows, said explicitly, so that a new default of its changes nothing here. */
export function webSocketServerOptions(options: ConnectionOptions): Readonly<Record<string, unknown>> {
  return {
    noServer: true,
    clientTracking: false,
    allowSynchronousEvents: true,
    // Pongs answers them: `ws` cuts a peer off that sends more of them in one segment than it answers.
    autoPong: false,
    maxPendingAutoPongs: 60,
    maxPayload: options.maxPayload,
    maxFragments: options.maxFragments,
    maxBufferedChunks: Math.max(leastChunks, Math.ceil(options.maxPayload / 64)),
    closeTimeout: options.closeTimeout,
    perMessageDeflate: deflateSettings(options.perMessageDeflate),
    skipUTF8Validation: false,
  };
}
