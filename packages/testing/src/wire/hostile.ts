import assert from "node:assert/strict";
import { greeted, type WireCase } from "./raw-client.js";

const deep = `{"jsonrpc":"2.0","id":1,"method":"echo","params":{"value":${"[".repeat(5_000)}${"]".repeat(5_000)}}}`;

/** Texts that are no message of JSON-RPC, with the code of the answer. */
const malformed: readonly (readonly [text: string, code: number])[] = [
  ["{", -32700],
  ["", -32700],
  [deep, -32700],
  ["null", -32600],
  ["[]", -32600],
  ['[{"jsonrpc":"2.0","id":1,"method":"echo","params":{"value":1}}]', -32600],
  ['{"id":1,"method":"echo"}', -32600],
  ['{"jsonrpc":"1.0","id":1,"method":"echo"}', -32600],
  ['{"jsonrpc":"2.0","id":null,"method":"echo"}', -32600],
  ['{"jsonrpc":"2.0","id":{},"method":"echo"}', -32600],
  ['{"jsonrpc":"2.0","id":1.5,"method":"echo"}', -32600],
  ['{"jsonrpc":"2.0","id":"","method":"echo"}', -32600],
  ['{"jsonrpc":"2.0","result":1}', -32600],
  ['{"jsonrpc":"2.0"}', -32600],
];

export const hostileCases: readonly WireCase[] = [
  {
    name: "what is no JSON is -32700 and what is no JSON-RPC -32600, with the id null; the connection goes on",
    async run(target) {
      const client = await greeted(target);
      for (const [text, code] of malformed) {
        await client.socket.sendText(text);
        const { id, error } = await client.next();
        assert.deepEqual([id, error?.code], [null, code], text.slice(0, 80));
        // A message that is understood resets the count.
        assert.equal((await client.request("$/ping")).result, null);
      }
    },
  },
  {
    name: "a method that is no text, and params that are no object, are refused by the request's id",
    async run(target) {
      const client = await greeted(target);
      await client.send({ id: 1, method: 5 });
      assert.deepEqual([(await client.next()).error?.code], [-32600]);
      await client.send({ id: 2, method: "echo", params: [1] });
      const { id, error } = await client.next();
      assert.deepEqual([id, error?.code], [2, -32602]);
    },
  },
  {
    name: "ten malformed messages in a row close the connection with 1008",
    async run(target) {
      const client = await greeted(target);
      for (let count = 0; count < 10; count += 1) await client.socket.sendText("{");
      assert.equal((await client.socket.closed).code, 1008);
    },
  },
  {
    name: "a reply to what was never asked is dropped",
    async run(target) {
      const client = await greeted(target);
      for (const id of [1, 99, "x"]) await client.send({ id, result: true });
      await client.send({ id: 1, error: { code: 1, message: "busy" } });
      assert.equal((await client.request("$/ping")).result, null);
    },
  },
  {
    name: "1,000 subscriptions and cancels keep their bounds, and another client is served meanwhile",
    async run(target) {
      const [client, other] = [await greeted(target), await greeted(target)];
      const sending: unknown[] = [];
      for (let count = 0; count < 1_000; count += 1) {
        const id = count + 1;
        const params = { topic: `page/${count}` };
        sending.push(
          client.send({ id, method: "$/subscribe", params }),
          client.notify("$/cancelRequest", { id }),
        );
      }
      assert.deepEqual((await other.request("echo", { value: 1 })).result, { value: 1 });
      const replies = await client.frames(1_000);
      await Promise.all(sending);
      assert.equal(new Set(replies.map(({ id }) => id)).size, 1_000, "expected each to be answered once");
      assert.ok(
        replies.filter(({ error }) => error === undefined).length <= 256,
        "expected at most 256 topics",
      );
    },
  },
];
