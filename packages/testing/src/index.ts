export { HandshakeRejected, type RejectedResponse } from "./client/handshake-rejected.js";
export type { SessionClose } from "./client/mailbox.js";
export { TestSession } from "./client/session.js";
export {
  type ConnectOptions,
  connect,
  start,
  TestServer,
  type TestServerOptions,
} from "./client/test-server.js";
export type { WaitOptions } from "./client/wait.js";
export { conformance, type TestRunner } from "./conformance/conformance.js";
export { WaitTimeout } from "./driver/within.js";
export { Network } from "./network/network.js";
export { type Stub, type StubHandlers, stubClient } from "./stub/stub-client.js";
export type { Client, ClientListener, HandshakeOptions } from "./transports/client.js";
export { loopback } from "./transports/loopback.js";
export { memory } from "./transports/memory.js";
export type { Endpoint, TestTransport } from "./transports/transport.js";
