import { closeCodeOfStatus, subprotocol } from "@ws/contract/wire";
import { CloseCode, type WebSocketScope } from "@ws/events";

/** Whether the client speaks the protocol of channels, and so knows what close codes beyond RFC 6455 mean. */
export function speaksChannels({ subprotocols }: WebSocketScope): boolean {
  return subprotocols.includes(subprotocol);
}

/** The close code for what HTTP has that status for: a client that speaks no channels gets 1008. */
export function closeCodeFor(scope: WebSocketScope, status: number): number {
  return speaksChannels(scope) ? closeCodeOfStatus(status) : CloseCode.PolicyViolation;
}
