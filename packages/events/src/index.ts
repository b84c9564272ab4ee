export type { Application, Middleware, Receive, Send } from "./application.js";
export { CloseCode, isSendableCloseCode, maxReasonBytes } from "./close-code.js";
export {
  type CloseInfo,
  type CloseInitiator,
  ConnectionClosed,
  lostConnection,
} from "./connection-closed.js";
export type * from "./event.js";
export { type HeaderPlace, headersProblem, headerValues, isToken } from "./header.js";
export { type HostPort, parseHost } from "./host.js";
export { InvalidMessage, type InvalidMessageCode, type MessageIssue } from "./invalid-message.js";
export {
  type ApplicationState,
  type ClientState,
  httpSendTransitions,
  lifespanSendTransitions,
  nextState,
  receiveTransitions,
  sendTransitions,
  type Transitions,
} from "./lifecycle.js";
export { type AllowedOrigins, originCheck } from "./origin.js";
export { PreparedEvent, prepare } from "./prepare.js";
export { printable } from "./printable.js";
export { ProtocolError, type ProtocolErrorCode } from "./protocol-error.js";
export { requestUrl } from "./request-url.js";
export type {
  Address,
  AsgiVersion,
  Extensions,
  HeaderList,
  HttpScope,
  LifespanScope,
  RequestScope,
  Scope,
  WebSocketScope,
} from "./scope.js";
export { isReceiveEvent, isSendEvent, receiveEventProblem, sendEventProblem } from "./structure.js";
export { maxTimerDelay } from "./timer.js";
