import type { Linked, State } from "@ws/client";
import { useSyncExternalStore } from "react";

const idle: State = { phase: "idle" };

/** The state of a connection; `idle` without a client, and during rendering on a server. */
export function useConnection(client: Pick<Linked, "state" | "onState"> | undefined): State {
  return useSyncExternalStore(
    (changed) => client?.onState(changed) ?? (() => {}),
    () => client?.state ?? idle,
    () => idle,
  );
}
