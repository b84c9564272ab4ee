import type { Application } from "@ws/events";
import { type ConnectOptions, connect, HandshakeRejected, type TestServerOptions } from "@ws/testing";

/** Connects and gives the answer that refused the handshake. */
export async function refused(
  application: Application,
  options: ConnectOptions & { readonly path?: string; readonly server?: TestServerOptions } = {},
): Promise<HandshakeRejected> {
  const { path = "/ws/", ...connectOptions } = options;
  try {
    const session = await connect(application, path, connectOptions);
    await session[Symbol.asyncDispose]();
  } catch (error) {
    if (error instanceof HandshakeRejected) return error;
    throw error;
  }
  throw new Error("expected a refusal, got a connection");
}
