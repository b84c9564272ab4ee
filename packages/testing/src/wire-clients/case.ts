import assert from "node:assert/strict";
import { defaultTimeout } from "../client/wait.js";
import { within } from "../driver/within.js";
import { Queue } from "./queue.js";
import { ScriptedServer } from "./scripted-server.js";
import type { WireClient, WireClientAbility, WireClientEvent, WireClientTarget } from "./target.js";

/** What a case has: a client, the server to which it connects, and what the client tells. */
export interface Stage {
  readonly server: ScriptedServer;
  readonly client: WireClient;
  /** Waits for the next of what the client tells, which must be that. */
  told(event: WireClientEvent): Promise<void>;
}

/** One promise of the protocol, as a test of any client. */
export interface WireClientCase {
  readonly name: string;
  readonly needs?: WireClientAbility;
  run(stage: Stage): Promise<void>;
}

export async function onStage(target: WireClientTarget, { run }: WireClientCase): Promise<void> {
  const server = await ScriptedServer.start();
  const events = new Queue<WireClientEvent>();
  try {
    const client = await target.open(server.url, (event) => events.put(event));
    const told = async (event: WireClientEvent): Promise<void> => {
      const what = `the client to tell ${JSON.stringify(event)}`;
      assert.deepEqual(await within(events.take(), what, defaultTimeout()), event);
    };
    await run({ server, client, told }).finally(() => client.close());
  } finally {
    await server.close();
  }
}
