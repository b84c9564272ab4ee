import assert from "node:assert/strict";
import { subprotocol } from "@ws/contract/wire";
import { newRoom, RawClient, type WireCase } from "./raw-client.js";

export const handshakeCases: readonly WireCase[] = [
  {
    name: "the server selects jsonrpc.topics.v1, and says hello first",
    async run(target) {
      const room = newRoom();
      const client = new RawClient(await target.open(room, ["jsonrpc.topics.v99", subprotocol]), room);
      assert.equal(client.socket.subprotocol, subprotocol);
      const { method, params = {} } = await client.next();
      assert.equal(method, "$/hello");
      assert.ok(Number.isInteger(params["maxMessage"]), "expected maxMessage, a number of bytes");
      assert.ok(Number.isInteger(params["topics"]), "expected topics, a number");
    },
  },
  {
    name: "a client that offers no subprotocol is served without a hello",
    async run(target) {
      const room = newRoom();
      const client = new RawClient(await target.open(room, []), room);
      assert.equal(client.socket.subprotocol, "");
      assert.equal((await client.request("$/ping")).result, null);
    },
  },
  {
    name: "a client that offers other subprotocols alone is refused",
    async run(target) {
      await assert.rejects(target.open(newRoom(), ["graphql-transport-ws"]));
    },
  },
];
