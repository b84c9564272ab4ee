import { type ApplicationState, nextState, type SendEvent, sendTransitions } from "@ws/events";

/** The state after an event that the server accepted. A close that comes after the end changes nothing. */
export function advance(state: ApplicationState, event: SendEvent): ApplicationState {
  return state === "disconnected" ? state : nextState<ApplicationState>(sendTransitions, state, event);
}
