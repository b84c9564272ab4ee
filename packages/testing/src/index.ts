export type { HandshakeOptions } from "./client.js";
export { conformance, type TestRunner } from "./conformance.js";
export { HandshakeRejected, type RejectedResponse } from "./handshake-rejected.js";
export type { SessionClose } from "./mailbox.js";
export { TestSession } from "./session.js";
export { type ConnectOptions, connect, start, TestServer, type TestServerOptions } from "./test-server.js";
export { type Endpoint, loopback, memory, type TestTransport } from "./transport.js";
export { type WaitOptions, WaitTimeout } from "./wait.js";
