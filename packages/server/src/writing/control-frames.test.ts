import { beforeEach, describe, expect, test } from "vitest";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { ControlFrames } from "./control-frames.js";

const pong = (payload: string): string => `\x8a${String.fromCharCode(payload.length)}${payload}`;

describe("control frames", () => {
  let owner: { isOpen: boolean; flooded(): void };
  let sent: string[];
  let floods: number;
  let awaited: number;
  let controls: ControlFrames;
  let clock: FakeClock;

  beforeEach(() => {
    awaited = 0;
    sent = [];
    floods = 0;
    const writer = {
      push: (frame: Uint8Array): void => void sent.push(Buffer.from(frame).toString("latin1")),
      awaitTaken: (): void => {
        awaited += 1;
      },
    };
    clock = new FakeClock();
    owner = {
      isOpen: true,
      flooded: (): void => {
        floods += 1;
      },
    };
    controls = new ControlFrames(writer, owner, clock, 1_000);
  });

  const ping = (payload: string): void => controls.pinged(Buffer.from(payload));

  test("each ping is answered at once with its payload", () => {
    ping("a");
    ping("");
    expect(sent).toEqual([pong("a"), pong("")]);
    expect(awaited).toBe(2);
  });

  test("where 256 answers wait for the peer, the latest alone is answered, once the peer reads", () => {
    for (let count = 0; count < 300; count += 1) ping(String(count));
    expect(sent).toHaveLength(256);
    controls.taken();
    expect(sent.slice(256)).toEqual([pong("299")]);
    controls.taken();
    expect(sent).toHaveLength(257);
  });

  test("a peer that reads is answered as often as it asks", () => {
    for (let count = 0; count < 600; count += 1) {
      ping("");
      controls.taken();
    }
    expect(sent).toHaveLength(600);
  });

  test("65,536 may go unanswered while the peer reads nothing for the time-out; then it is a flood", () => {
    for (let count = 0; count < 256 + 65_536; count += 1) ping("");
    clock.advance(1_001);
    expect(floods).toBe(0);
    ping("");
    expect(floods).toBe(1);
  });

  test("more of them are none as long as the peer has read something within the time-out", () => {
    for (let count = 0; count < 300_000; count += 1) ping("");
    clock.advance(1_000);
    ping("");
    controls.taken();
    for (let count = 0; count < 300_000; count += 1) ping("");
    clock.advance(1_000);
    ping("");
    expect(floods).toBe(0);
  });

  test("after each sign that the peer reads, they are counted anew", () => {
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 60_000; count += 1) ping("");
      controls.taken();
    }
    expect(floods).toBe(0);
  });

  test("after the close frame nothing is answered", () => {
    for (let count = 0; count < 257; count += 1) ping("");
    owner.isOpen = false;
    controls.taken();
    ping("");
    expect(sent).toHaveLength(256);
  });
});
