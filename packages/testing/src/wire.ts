/**
 * The conformance suites of the protocol `jsonrpc.topics.v1`, in whatever language: that for servers speaks to the reference channel
 * which `docs/wire.md` describes, over connections that the caller opens; that for clients plays the server.
 *
 * @module
 */

export { wireConformance } from "./wire/suite.js";
export type { WireClose, WireFrame, WireSocket, WireTarget } from "./wire/target.js";
export { wireClientProcess } from "./wire-clients/process.js";
export { wireClientConformance } from "./wire-clients/suite.js";
export type {
  WireClient,
  WireClientAbility,
  WireClientEvent,
  WireClientGap,
  WireClientTarget,
  WireRequestOptions,
} from "./wire-clients/target.js";
