import type { Connection } from "@ws/connection";
import type { AuthExtension } from "@ws/events";

/** The session of `authenticate`, where there is one. */
export function authOf({ scope }: Connection<unknown>): AuthExtension | undefined {
  return scope.extensions["websocket.auth"];
}

/** The user that `authenticate` let in, or that the last renewal named; `undefined` where there is none. */
export function userOf(socket: Connection<unknown>): unknown {
  const auth = authOf(socket);
  return auth === undefined ? (socket.state as { readonly user?: unknown }).user : auth.user;
}

/** In how many ms the session expires, as a field of the hello; no field where it does not expire. */
export function expiryOf(auth: AuthExtension | undefined): { readonly expiresIn?: number } {
  const left = (auth?.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
  return Number.isFinite(left) ? { expiresIn: Math.max(0, Math.round(left)) } : {};
}
