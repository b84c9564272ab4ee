import { expect } from "vitest";
import { soon, Witness } from "../../conformance/witness.js";
import type { Engine } from "../../engine/engine.js";
import { type NatsOptions, nats } from "../../nats.js";
import { unhurried } from "./nats-server.fixture.js";

/** An engine that was started, and who listens to it; disposing of it closes it. */
export interface Opened extends AsyncDisposable {
  readonly engine: Engine;
  readonly witness: Witness;
}

export async function openNats(
  servers: string,
  options: Partial<NatsOptions> = {},
  witness: Witness = new Witness(),
): Promise<Opened> {
  // A machine that is busy with other tests is no server that is away.
  const engine = nats({ servers, connectTimeout: 30_000, ...options });
  await engine.start(witness, soon());
  return { engine, witness, [Symbol.asyncDispose]: () => engine.close() };
}

/** What a call that must fail as if the engine were down says. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  const error = await call.catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "BroadcastError", code: "ERR_WS_ENGINE_DOWN" });
  return (error as Error).message;
}

/** A server's configuration of one user, `ann` with the password `x`, with permissions. */
export function userWith(permissions: string): string {
  return `authorization { ${unhurried}, users: [{ user: ann, password: x, permissions: { ${permissions} } }] }`;
}
