import assert from "node:assert/strict";
import { joinBinary, splitBinary } from "@ws/contract/wire";
import { greeted, type WireCase } from "./raw-client.js";

export const requestCases: readonly WireCase[] = [
  {
    name: "a request is answered by its id; a result that is nothing is null",
    async run(target) {
      const client = await greeted(target);
      assert.deepEqual(await client.request("echo", { value: [1, "ü"] }, 41), {
        id: 41,
        result: { value: [1, "ü"] },
      });
      assert.deepEqual(await client.request("nothing"), { id: 2, result: null });
    },
  },
  {
    name: "an error of the contract has the code 1, its name and its data; a failure says nothing but that",
    async run(target) {
      const client = await greeted(target);
      const { error } = await client.request("fail", { reason: "noon" });
      assert.deepEqual(error, { code: 1, message: "failed", data: { reason: "noon" } });
      assert.deepEqual((await client.request("crash")).error, { code: -32603, message: "internal error" });
    },
  },
  {
    name: "an input against the contract is -32602, with the issues",
    async run(target) {
      const client = await greeted(target);
      const { error } = await client.request("fail", { reason: 5 });
      assert.equal(error?.code, -32602);
      assert.equal(Object(error?.data).issues[0].path, "reason");
    },
  },
  {
    name: "what nobody knows is -32601, and an unknown notification of the protocol is ignored",
    async run(target) {
      const client = await greeted(target);
      await client.notify("$/later", { on: true });
      for (const method of ["sing", "$/later", "__proto__", "constructor", "toString"]) {
        assert.equal(await client.codeOf(method, {}), -32601, method);
      }
    },
  },
  {
    name: "a cancelled request is answered with -32800; a cancel of what is not under way is ignored",
    async run(target) {
      const [client, other] = [await greeted(target), await greeted(target)];
      const id = await client.ask("wait");
      await other.notify("$/cancelRequest", { id });
      for (const unknown of [99, "1", null, {}]) await client.notify("$/cancelRequest", { id: unknown });
      assert.equal((await client.request("$/ping")).result, null);
      await client.notify("$/cancelRequest", { id });
      const { id: answered, error } = await client.next();
      assert.deepEqual([answered, error?.code], [id, -32800]);
    },
  },
  {
    name: "an id that is under way is -32600; once answered it may come again",
    async run(target) {
      const client = await greeted(target);
      await client.ask("wait", undefined, 7);
      const { id, error } = await client.request("echo", { value: 1 }, 7);
      assert.deepEqual([id, error?.code], [7, -32600]);
      await client.notify("$/cancelRequest", { id: 7 });
      assert.equal((await client.next()).error?.code, -32800);
      assert.deepEqual(await client.request("echo", { value: 1 }, 7), { id: 7, result: { value: 1 } });
    },
  },
  {
    name: "messages are handled in their order, before the request behind them",
    async run(target) {
      const client = await greeted(target);
      for (const n of [1, 2, 3]) await client.notify("note", { n });
      assert.deepEqual((await client.request("notes")).result, { notes: [1, 2, 3] });
    },
  },
  {
    name: "a ping is answered ahead of 16 requests that run, and a cancel of one is heard",
    async run(target) {
      const client = await greeted(target);
      for (let count = 1; count <= 16; count += 1) await client.ask("wait");
      assert.equal((await client.request("$/ping")).result, null);
      await client.notify("$/cancelRequest", { id: 5 });
      assert.equal((await client.next()).id, 5);
    },
  },
  {
    name: "a request with a key runs once, on whichever connection it comes again",
    async run(target) {
      const first = await greeted(target);
      const reply = await first.request("count", { by: 2 }, `key of ${first.room}`);
      assert.deepEqual(reply.result, { count: 2 });
      first.socket.terminate();
      const second = await greeted(target, first.room);
      assert.deepEqual(await second.request("count", { by: 2 }, `key of ${first.room}`), reply);
      const { error } = await second.request("count", { by: 3 }, `key of ${first.room}`);
      assert.equal(error?.code, -32600, "expected another input under the same key to be refused");
      assert.deepEqual((await second.request("count", { by: 1 })).result, { count: 3 });
    },
  },
  {
    name: "the server asks the client, and sends it messages",
    async run(target) {
      const client = await greeted(target);
      const asked = await client.ask("ask", { what: "leave?" });
      const { id, method, params } = await client.next();
      assert.deepEqual([method, params], ["confirm", { what: "leave?" }]);
      await client.send({ id, result: true });
      assert.deepEqual(await client.next(), { id: asked, result: { confirmed: true } });
      await client.notify("tell", { text: "hi" });
      assert.deepEqual(await client.next(), { method: "told", params: { text: "hi" } });
    },
  },
  {
    name: "a message of bytes is a binary frame, either way",
    async run(target) {
      const client = await greeted(target);
      await client.socket.sendBytes(joinBinary("picture", Uint8Array.of(1, 2, 3)));
      const message = splitBinary(await client.socket.receiveBytes());
      assert.ok(message);
      assert.deepEqual([message.name, [...message.payload]], ["picture", [1, 2, 3]]);
    },
  },
];
