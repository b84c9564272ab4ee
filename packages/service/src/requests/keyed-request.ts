import { createHash } from "node:crypto";
import type { Claim, ReplyStore } from "./reply-store.js";
import { otherInput } from "./request-error.js";
import type { RequestRun } from "./request-runs.js";

/** A request with an idempotency key. */
export interface KeyedRequest {
  readonly store: ReplyStore;
  /** The key, together with its owner. */
  readonly key: string;
  /** A hash of the request's method and input. */
  readonly fingerprint: string;
  /** Runs the request. It returns the frame of the reply, or `undefined` where the reply must not be kept. */
  readonly execute: () => Promise<string | undefined>;
}

/** A hash of a request's method and input, in 43 characters. */
export function fingerprintOf(method: string, params: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify([method, params ?? null]))
    .digest("base64url");
}

/** Answers a request from the store, or runs it. */
export async function runKeyed(run: RequestRun, request: KeyedRequest): Promise<void> {
  const { store, key, fingerprint } = request;
  while (!run.isAnswered && !run.signal.aborted) {
    const claiming = store.claim(key, fingerprint);
    // A claim that is no promise is not awaited, so that requests start in the order in which they came.
    const claim = claiming instanceof Promise ? await claiming : claiming;
    if (claim.kind === "run") return await execute(run, request);
    if (claim.fingerprint !== fingerprint) return run.fail(otherInput);
    const reply = await replyOf(claim, run.signal);
    if (reply !== undefined) return run.answer(reply);
  }
}

/** The reply to the request; `undefined` where it had none, or where it is no longer needed. */
async function replyOf(
  claim: Exclude<Claim, { kind: "run" }>,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (claim.kind === "done") return claim.reply;
  let onAbort!: () => void;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener("abort", onAbort);
  });
  try {
    return await Promise.race([claim.reply, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

async function execute(run: RequestRun, { store, key, execute: handle }: KeyedRequest): Promise<void> {
  run.outlivesConnection = true;
  const reply = await handle();
  if (reply === undefined) await store.release(key);
  else await store.settle(key, reply);
}
