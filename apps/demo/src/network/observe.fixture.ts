import type { Client, Gap } from "@ws/client";
import type { numbers } from "./world.fixture.js";

type NumbersClient = Client<typeof numbers>;

/** What a topic gave so far: numbers, and gaps by their reasons. */
export function collected(client: NumbersClient, topic: "numbers" | "bare" = "numbers"): unknown[] {
  const got: unknown[] = [];
  const onGap = ({ reason, missed }: Gap): void => void got.push([reason, missed]);
  client.subscribe(topic, { onMessage: ({ n }) => got.push(n), onGap });
  return got;
}

/** Resolves when the client is in that phase. */
export function phase(client: NumbersClient, wanted: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onState((state) => {
      if (state.phase !== wanted) return;
      stop();
      resolve();
    });
  });
}

/** Resolves when the client is connected, and what it subscribed to is joined. */
export async function joined(client: NumbersClient): Promise<void> {
  await client.connect();
  await client.request("count", { n: 0 });
}
