import { EventEmitter } from "node:events";
import { beforeEach, describe, expect, test } from "vitest";
import { ControlFrames } from "./control-frames.js";

class Source extends EventEmitter {
  readonly OPEN: number = 1;
  readyState = 1;

  ping(payload: string): void {
    this.emit("ping", Buffer.from(payload));
  }
}

const pong = (payload: string): string => `\x8a${String.fromCharCode(payload.length)}${payload}`;

describe("control frames", () => {
  let source: Source;
  let sent: string[];
  let floods: number;
  let controls: ControlFrames;

  beforeEach(() => {
    source = new Source();
    sent = [];
    floods = 0;
    const push = (pieces: readonly Uint8Array[]): void => {
      sent.push(Buffer.concat(pieces).toString("latin1"));
    };
    controls = new ControlFrames(source, { push }, () => {
      floods += 1;
    });
  });

  test("each ping is answered at once with its payload", () => {
    source.ping("a");
    source.ping("");
    expect(sent).toEqual([pong("a"), pong("")]);
  });

  test("the bytes of pings and pongs are counted, with header and mask", () => {
    source.ping("abc");
    source.emit("pong", Buffer.from("x"));
    expect(controls.bytes).toBe(9 + 7);
  });

  test("a pong is not answered", () => {
    source.emit("pong", Buffer.from("x"));
    expect(sent).toEqual([]);
  });

  test("where 256 answers wait for the peer, the latest alone is answered, once the peer reads", () => {
    for (let count = 0; count < 300; count += 1) source.ping(String(count));
    expect(sent).toHaveLength(256);
    controls.written();
    expect(sent.slice(256)).toEqual([pong("299")]);
    controls.written();
    expect(sent).toHaveLength(257);
  });

  test("a peer that reads is answered as often as it asks", () => {
    for (let count = 0; count < 600; count += 1) {
      source.ping("");
      controls.written();
    }
    expect(sent).toHaveLength(600);
  });

  test("65,536 may go unanswered while the peer reads nothing; then it is a flood", () => {
    for (let count = 0; count < 256 + 65_536; count += 1) source.ping("");
    expect(floods).toBe(0);
    source.ping("");
    expect(floods).toBe(1);
  });

  test("after each sign that the peer reads, they are counted anew", () => {
    for (let round = 0; round < 3; round += 1) {
      for (let count = 0; count < 60_000; count += 1) source.ping("");
      controls.written();
    }
    expect(floods).toBe(0);
  });

  test("after the close frame nothing is answered", () => {
    for (let count = 0; count < 257; count += 1) source.ping("");
    source.readyState = 2;
    controls.written();
    source.ping("");
    expect(sent).toHaveLength(256);
  });
});
