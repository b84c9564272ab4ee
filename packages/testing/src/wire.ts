/**
 * The conformance suite of the protocol `jsonrpc.topics.v1` for servers, in whatever language: it speaks to the reference channel that
 * `docs/wire.md` describes, over connections that the caller opens.
 *
 * @module
 */

export { wireConformance } from "./wire/suite.js";
export type { WireClose, WireFrame, WireSocket, WireTarget } from "./wire/target.js";
