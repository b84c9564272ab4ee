import { randomBytes } from "node:crypto";
import { pathToFileURL } from "node:url";
import { AuthSession, authenticate, subprotocolToken, websockets } from "@ws/middleware";
import { createRouter, websocket } from "@ws/router";
import { fromFetch, handleSignals, type Server, serve } from "@ws/server";
import { jwtVerify, SignJWT } from "jose";

const secret = randomBytes(32);
/** The refresh tokens that are good, with whose they are. A real program keeps them in its database. */
const refreshTokens = new Map<string, string>();
/** What ends all sockets of a user. */
const open = new Map<string, AbortController>();

/** Signs in; gives a token that lasts, to get access tokens with. */
export function signIn(user: string): string {
  const token = randomBytes(32).toString("base64url");
  refreshTokens.set(token, user);
  open.set(user, new AbortController());
  return token;
}

export function signOut(user: string): void {
  open.get(user)?.abort();
  open.delete(user);
}

function accessToken(user: string, seconds: number): Promise<string> {
  const claims = new SignJWT({}).setProtectedHeader({ alg: "HS256" }).setSubject(user);
  return claims.setExpirationTime(new Date(Date.now() + seconds * 1_000)).sign(secret);
}

const known = authenticate({
  // The only header of a handshake that a page's script can set.
  token: subprotocolToken("bearer."),
  verify: async (token) => {
    const { payload } = await jwtVerify(token, secret).catch(() => ({ payload: undefined }));
    if (payload?.sub === undefined || payload.exp === undefined) return undefined;
    const revoked = open.get(payload.sub)?.signal ?? AbortSignal.abort();
    return new AuthSession(payload.sub, { expiresAt: payload.exp * 1_000, revoked });
  },
});

const routes = createRouter([
  websocket(
    "/private/",
    async (socket) => {
      await socket.accept({ subprotocol: "chat" });
      await socket.sendText(`Hello ${socket.state.user}`);
      for await (const text of socket.text()) await socket.sendText(text);
    },
    { use: [known] },
  ),
]);

/** `POST /token` with the refresh token gives an access token for some seconds. */
function pages(seconds: number): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== "POST" || new URL(request.url).pathname !== "/token") {
      return new Response(null, { status: 404 });
    }
    const user = refreshTokens.get(await request.text());
    if (user === undefined || !open.has(user)) return new Response(null, { status: 401 });
    return new Response(await accessToken(user, seconds));
  };
}

export function start(port: number, seconds = 300): Promise<Server> {
  return serve(websockets(routes)(fromFetch(pages(seconds))), { port });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const server = await start(Number(process.env["PORT"] ?? 8000));
  handleSignals(server);
  process.stdout.write(`Listening at ${server.url}. Ann's refresh token: ${signIn("ann")}\n`);
}
