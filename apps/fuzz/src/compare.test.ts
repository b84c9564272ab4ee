import { describe, expect, test } from "vitest";
import { difference, type Outcome } from "./compare.js";
import { judge } from "./oracle.js";
import { bounds } from "./run.js";

const bye = "888500000000 0fa1627965";
const verdict = judge(
  Buffer.from(`81810000000061 898100000000 70 ${bye}`.replaceAll(" ", ""), "hex"),
  bounds,
);
const agreed: Outcome = {
  events: [
    { type: "websocket.receive", text: "a" },
    { type: "websocket.disconnect", code: 4001, reason: "bye" },
  ],
  wire: Buffer.from("81016 18a0170 88020fa1".replaceAll(" ", ""), "hex"),
};

describe("server and oracle", () => {
  test("agree where all is as it must be, and where the echo came too late", () => {
    expect(difference(verdict, agreed)).toBeUndefined();
    expect(difference(verdict, { ...agreed, wire: agreed.wire.subarray(3) })).toBeUndefined();
  });

  const [message, disconnect] = agreed.events as [Outcome["events"][0], Outcome["events"][0]];
  const others: Readonly<Record<string, Partial<Outcome>>> = {
    "a message is missing": { events: [disconnect] },
    "a message comes twice": { events: [message, message, disconnect] },
    "a text comes as bytes": {
      events: [{ type: "websocket.receive", bytes: new Uint8Array([0x61]) }, disconnect],
    },
    "there is no disconnect": { events: [message, message] },
    "the disconnect has another code": {
      events: [message, { type: "websocket.disconnect", code: 1006, reason: "bye" }],
    },
    "the disconnect has another reason": {
      events: [message, { type: "websocket.disconnect", code: 4001, reason: "" }],
    },
    "the close frame has another code": { wire: Buffer.from("8a017088020fa2", "hex") },
    "there is no close frame": { wire: Buffer.from("8a0170", "hex") },
    "something follows the close frame": { wire: Buffer.from("8a017088020fa18a0170", "hex") },
    "a pong is missing": { wire: Buffer.from("88020fa1", "hex") },
    "a pong has other bytes": { wire: Buffer.from("8a017188020fa1", "hex") },
    "an echo is of something else": { wire: Buffer.from("8101628a017088020fa1", "hex") },
    "a frame is masked": { wire: Buffer.from("8a81000000007088020fa1", "hex") },
    "a frame is cut": { wire: Buffer.from("8a0170880", "hex") },
  };

  test.each(Object.entries(others))("differ where %s", (_name, part) => {
    expect(difference(verdict, { ...agreed, ...part })).toBeTypeOf("string");
  });
});
