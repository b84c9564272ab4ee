import type { Schema } from "./validation/schema.js";

const vendor = "@ws/contract/bytes";

/**
 * The schema of a message that is sent as a binary frame: its value is a `Uint8Array`. It can be used only for messages, and
 * not for requests or topics, whose content is JSON.
 */
export function bytes(): Schema<Uint8Array> {
  return {
    "~standard": {
      version: 1,
      vendor,
      validate: (value) =>
        value instanceof Uint8Array ? { value } : { issues: [{ message: "expected bytes (a Uint8Array)" }] },
    },
  };
}

/** Whether a schema is one that `bytes` made. */
export function isBytes(schema: Schema): boolean {
  return schema["~standard"].vendor === vendor;
}
