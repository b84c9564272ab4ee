import { errorCode, wireLimits } from "@ws/contract/wire";
import type { JsonSchema } from "./document.js";

// The frames of `jsonrpc.topics.v1` as JSON Schema: docs/wire.md.

const jsonrpc: JsonSchema = { const: "2.0" };

/** The id by which a reply is matched to its request. */
const id: JsonSchema = {
  description: "a whole number; or a text, which is an idempotency key: sent again it runs no second time",
  anyOf: [{ type: "integer" }, { type: "string", maxLength: wireLimits.name }],
};

/** An object with all of `properties`; those that `optional` names may be absent. */
export function object(properties: JsonSchema, optional: readonly string[] = []): JsonSchema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: "object", properties, ...(required.length > 0 && { required }) };
}

/** A message without an answer; its `params` may be left out. */
export function notification(method: string, params?: JsonSchema): JsonSchema {
  return object({ jsonrpc, method: { const: method }, ...(params && { params }) });
}

/** A message that is answered once. */
export function request(method: string, params?: JsonSchema): JsonSchema {
  return object({ jsonrpc, id, method: { const: method }, ...(params && { params }) });
}

/** The reply to a request; `null` where the request has no result. */
export function reply(result: JsonSchema = { type: "null" }): JsonSchema {
  return object({ jsonrpc, id, result });
}

const { declared, ...ofTheProtocol } = errorCode;

/** An error of the protocol's own, with any sentence. */
const protocolError: JsonSchema = object(
  { code: { enum: Object.values(ofTheProtocol) }, message: { type: "string" }, data: {} },
  ["data"],
);

/** The reply to a request that failed: an error that the contract declares, by name, or one of the protocol. */
export function errorReply(errors: Readonly<Record<string, JsonSchema>> = {}): JsonSchema {
  const own = Object.entries(errors).map(([name, data]) =>
    object({ code: { const: declared }, message: { const: name }, data }),
  );
  return object({
    jsonrpc,
    id: {
      anyOf: [...(id["anyOf"] as JsonSchema[]), { type: "null" }],
      description: "null where no request could be read",
    },
    error: own.length === 0 ? protocolError : { anyOf: [...own, protocolError] },
  });
}
