import assert from "node:assert/strict";
import { subprotocol } from "@ws/contract/wire";
import type { WireClientCase } from "./case.js";

/** Closes with a code; the client must not come back. */
const stays = (code: number, why: string): WireClientCase => ({
  name: `stays closed after ${code}, ${why}`,
  async run({ server, told }) {
    await (await server.greeted()).close(code);
    await told({ closed: true });
  },
});

const returns = (code: number, why: string): WireClientCase => ({
  name: `comes back after ${code}, ${why}`,
  async run({ server, client }) {
    await (await server.greeted()).close(code);
    const peer = await server.greeted();
    const asked = client.request("echo", { value: 1 }, {});
    await peer.reply(await peer.asked("echo"), { value: 1 });
    assert.deepEqual(await asked, { value: 1 });
  },
});

export const connectionCases: readonly WireClientCase[] = [
  {
    name: "offers jsonrpc.topics.v1",
    async run({ server }) {
      const { offered } = await server.greeted();
      assert.ok(offered.includes(subprotocol), `expected ${subprotocol} among ${JSON.stringify(offered)}`);
    },
  },
  returns(1012, "a restart"),
  returns(1001, "as of a proxy that ends"),
  stays(4403, "a refusal"),
  stays(1002, "which would only repeat"),
  {
    name: "ignores notifications of the protocol that it does not know, members that it does not know, and replies that nobody waits for",
    async run({ server, client }) {
      const peer = await server.connected();
      await peer.tell({ method: "$/hello", params: { maxMessage: 1_048_576, topics: 256, later: true } });
      await peer.tell({ method: "$/later", params: { than: "v1" } });
      await peer.tell({ id: 123_456, result: null });
      const asked = client.request("echo", { value: 1 }, {});
      await peer.reply(await peer.asked("echo"), { value: 1 });
      assert.deepEqual(await asked, { value: 1 });
    },
  },
  {
    name: "on $/drain connects beside the open connection, moves its topics by their positions, and closes the old one when that owes nothing",
    needs: "drain",
    async run({ server, client, told }) {
      const old = await server.greeted();
      await client.subscribe("log");
      await old.joined(await old.asked("$/subscribe"), "e.0");
      await old.event("log", "e.1", { n: 1 });
      await told({ topic: "log", data: { n: 1 } });
      const owed = client.request("echo", { value: 1 }, {});
      const request = await old.asked("echo");
      await old.tell({ method: "$/drain", params: { within: 50 } });
      const peer = await server.greeted();
      const moved = await peer.asked("$/subscribe");
      assert.equal(moved.params?.["from"], "e.1");
      assert.ok(old.isOpen, "expected the old connection to be open until the new one has taken over");
      await peer.event("log", "e.2", { n: 2 });
      await peer.joined(moved, "e.2");
      await old.reply(request, { value: 1 });
      assert.deepEqual(await owed, { value: 1 });
      await told({ topic: "log", data: { n: 2 } });
      await old.closed();
    },
  },
];
