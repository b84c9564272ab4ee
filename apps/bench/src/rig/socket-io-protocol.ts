import { clientFrame, firstByte, serverFrame } from "./frames.js";
import type { Payload } from "./payload.js";
import { type Protocol, payloadOf } from "./protocol.js";

const placeholder = '451-["m",{"_placeholder":true,"num":0}]';

function textFrame(text: string): Buffer {
  return clientFrame(firstByte.text, Buffer.from(text));
}

/** Socket.IO 5 over Engine.IO 4, over WebSocket from the start: event "m" with one argument. */
export class SocketIoProtocol implements Protocol {
  readonly target = "/socket.io/?EIO=4&transport=websocket";
  readonly greets = true;
  readonly request: Buffer;
  readonly reply: readonly Buffer[];

  constructor(kind: Payload, size: number) {
    const [, payload] = payloadOf(kind, size);
    const json = kind === "json" ? String(payload) : JSON.stringify(String(payload));
    const packets: readonly (readonly [number, Buffer])[] =
      kind === "binary"
        ? [
            [firstByte.text, Buffer.from(placeholder)],
            [firstByte.binary, payload],
          ]
        : [[firstByte.text, Buffer.from(`42["m",${json}]`)]];
    this.request = Buffer.concat(packets.map(([first, data]) => clientFrame(first, data)));
    this.reply = packets.map(([first, data]) => serverFrame(first, data));
  }

  answer(text: string): Buffer | "ready" {
    if (text.startsWith("0{")) return textFrame("40");
    if (text.startsWith("40{")) return "ready";
    if (text === "2") return textFrame("3");
    throw new Error(`expected a packet of Engine.IO, got ${text.slice(0, 100)}`);
  }
}
