export { BrandedError } from "./errors/branded-error.js";
export { CloseCode, isSendableCloseCode, maxReasonBytes } from "./errors/close-code.js";
export {
  type CloseInfo,
  type CloseInitiator,
  ConnectionClosed,
  lostConnection,
} from "./errors/connection-closed.js";
export { InvalidMessage, type InvalidMessageCode, type MessageIssue } from "./errors/invalid-message.js";
export { printable } from "./errors/printable.js";
export { ProtocolError, type ProtocolErrorCode } from "./errors/protocol-error.js";
export type { Application, Middleware, Receive, Send } from "./model/application.js";
export type * from "./model/event.js";
export { type EventWaiter, type Inbox, inboxOf, offerInbox } from "./model/inbox.js";
export type {
  Address,
  AsgiVersion,
  AuthExtension,
  ConnectionExtension,
  DrainingExtension,
  DrainingReason,
  Extensions,
  HeaderList,
  HttpScope,
  LifespanScope,
  LogError,
  RequestScope,
  Scope,
  WebSocketScope,
} from "./model/scope.js";
export type {
  AnyMiddleware,
  NamedState,
  NeededInFrontOf,
  ProvidedBy,
  StateMiddleware,
  TransparentMiddleware,
  UnknownState,
  Unmet,
} from "./model/state-middleware.js";
export { maxTimerDelay } from "./model/timer.js";
export {
  type FailedCall,
  type OnFailedCall,
  sentAtOnce,
  trackedRejection,
  trackPromise,
  trackThen,
} from "./model/tracked-promise.js";
export type { AllowedOrigins, OriginTest } from "./request/allowed-origins.js";
export { type HeaderPlace, headersProblem, headerValues, isToken } from "./request/header.js";
export { type HostPort, parseHost } from "./request/host.js";
export { type AllowedHosts, hostCheck } from "./request/host-check.js";
export { type Origin, parseOrigin } from "./request/origin.js";
export { type OriginCheck, originCheck } from "./request/origin-check.js";
export { requestUrl } from "./request/request-url.js";
export {
  type ApplicationState,
  type ClientState,
  httpSendTransitions,
  lifespanSendTransitions,
  nextState,
  receiveTransitions,
  sendTransitions,
  type Transitions,
} from "./rules/lifecycle.js";
export { isPrepared, PreparedEvent, prepare } from "./rules/prepare.js";
export { isReceiveEvent, isSendEvent, receiveEventProblem, sendEventProblem } from "./rules/structure.js";
