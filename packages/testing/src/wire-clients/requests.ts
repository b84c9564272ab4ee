import assert from "node:assert/strict";
import type { WireClientCase } from "./case.js";

export const requestCases: readonly WireClientCase[] = [
  {
    name: "a request has an id of its own, and gets its own reply, whatever the order of the replies",
    async run({ server, client }) {
      const peer = await server.greeted();
      const [first, second] = [
        client.request("echo", { value: 1 }, {}),
        client.request("echo", { value: 2 }, {}),
      ];
      const asked = [await peer.asked("echo"), await peer.asked("echo")];
      assert.deepEqual(
        asked.map(({ params }) => params),
        [{ value: 1 }, { value: 2 }],
      );
      for (const { id } of asked) assert.ok(Number.isInteger(id), `expected a whole number as id, got ${id}`);
      for (const frame of asked.reverse()) await peer.reply(frame, frame.params);
      assert.deepEqual([await first, await second], [{ value: 1 }, { value: 2 }]);
      assert.notEqual(asked[0]?.id, asked[1]?.id);
    },
  },
  {
    name: "an error that the contract declares is known by its name, and carries its data",
    async run({ server, client }) {
      const peer = await server.greeted();
      const error = { code: 1, message: "failed", data: { reason: "rain" } };
      const asked = assert.rejects(client.request("fail", { reason: "rain" }, {}), error);
      const { id } = await peer.asked("fail");
      await peer.tell({ id: id as number, error });
      await asked;
    },
  },
  {
    name: "a message has no id, and waits for nothing; one of the server is told",
    async run({ server, client, told }) {
      const peer = await server.greeted();
      await client.send("tell", { text: "hi" });
      assert.deepEqual(await peer.asked("tell"), { method: "tell", params: { text: "hi" } });
      await peer.tell({ method: "told", params: { text: "hi" } });
      await told({ message: "told", params: { text: "hi" } });
    },
  },
  {
    name: "the server's requests are answered: a ping with null, an unknown one with -32601, the client's own with their results",
    async run({ server }) {
      const peer = await server.greeted();
      await peer.tell({ id: "p", method: "$/ping" });
      assert.deepEqual(await peer.next(), { id: "p", result: null });
      for (const method of ["nothing-of-the-kind", "$/later"]) {
        await peer.tell({ id: 7, method, params: {} });
        const { id, error } = await peer.next();
        assert.deepEqual([id, error?.code], [7, -32601]);
      }
      await peer.tell({ id: 8, method: "confirm", params: { what: "it" } });
      assert.deepEqual(await peer.next(), { id: 8, result: { what: "it" } });
    },
  },
  {
    name: "a request that is given up is cancelled by its id",
    needs: "cancel",
    async run({ server, client }) {
      const peer = await server.greeted();
      const controller = new AbortController();
      const asked = assert.rejects(client.request("wait", {}, { signal: controller.signal }));
      const { id } = await peer.asked("wait");
      controller.abort();
      assert.deepEqual((await peer.asked("$/cancelRequest")).params, { id });
      await peer.tell({ id: id as number, error: { code: -32800, message: "cancelled" } });
      await asked;
    },
  },
  {
    name: "a request whose connection is lost fails, and is not sent again",
    async run({ server, client }) {
      const peer = await server.greeted();
      const lost = assert.rejects(client.request("count", { by: 1 }, {}));
      await peer.asked("count");
      await peer.close(1012);
      await lost;
      const back = await server.greeted();
      void client.request("echo", {}, {}).catch(() => {});
      await back.asked("echo");
    },
  },
  {
    name: "a request with a key is sent again under it, and gets the reply of the second connection",
    needs: "keys",
    async run({ server, client }) {
      const peer = await server.greeted();
      const asked = client.request("count", { by: 1 }, { key: "k-1" });
      const first = await peer.asked("count");
      assert.equal(first.id, "k-1");
      await peer.close(1012);
      const back = await server.greeted();
      const again = await back.asked("count");
      assert.deepEqual(again, first);
      await back.reply(again, { count: 1 });
      assert.deepEqual(await asked, { count: 1 });
    },
  },
];
