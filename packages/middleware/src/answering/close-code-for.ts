import { closeCodeOfStatus, subprotocol } from "@ws/contract/wire";
import { CloseCode, type WebSocketScope } from "@ws/events";

/** Whether the client speaks the protocol of channels, and therefore knows the meaning of close codes beyond RFC 6455. */
export function speaksChannels({ subprotocols }: WebSocketScope): boolean {
  return subprotocols.includes(subprotocol);
}

/** The close code that corresponds to an HTTP status. A client that does not speak the protocol of channels gets 1008. */
export function closeCodeFor(scope: WebSocketScope, status: number): number {
  return speaksChannels(scope) ? closeCodeOfStatus(status) : CloseCode.PolicyViolation;
}
