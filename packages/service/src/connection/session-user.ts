import type { Connection } from "@ws/connection";
import type { AuthExtension } from "@ws/events";

/** The session that `authenticate` offers, where there is one. */
export function authOf({ scope }: Connection<unknown>): AuthExtension | undefined {
  return scope.extensions["websocket.auth"];
}

/** Whom `authenticate` let in, or named at the last renewal; `undefined` for nobody. */
export function userOf(socket: Connection<unknown>): unknown {
  const auth = authOf(socket);
  return auth === undefined ? (socket.state as { readonly user?: unknown }).user : auth.user;
}

/** In how many ms the session ends, as it is told; nothing where it does not. */
export function expiryOf(auth: AuthExtension | undefined): { readonly expiresIn?: number } {
  const left = (auth?.expiresAt ?? Number.POSITIVE_INFINITY) - Date.now();
  return Number.isFinite(left) ? { expiresIn: Math.max(0, Math.round(left)) } : {};
}
