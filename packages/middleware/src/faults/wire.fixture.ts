import type { Endpoint } from "@ws/testing";

/** An opening handshake as text, with these lines beside the ones that it needs. */
export function handshake(target = "/", lines: readonly string[] = []): string {
  const head = [
    `GET ${target} HTTP/1.1`,
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  ];
  return [...head, ...lines, "", ""].join("\r\n");
}

/** The status of an answer as it was on the wire. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
}

/** A text frame as a client sends it; its mask is 0, so that the payload can be read. RFC 6455 §5.2. */
export function textFrame(text: string): Buffer {
  return frame(0x81, Buffer.from(text));
}

/** A close frame of a client. */
export function closeFrame(code: number, reason: string): Buffer {
  return frame(0x88, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]));
}

function frame(first: number, payload: Buffer): Buffer {
  if (payload.length > 125) throw new Error(`expected at most 125 bytes, got ${payload.length}`);
  return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

/** Writes bytes and gives all that came until the server closed, as latin-1. */
export async function exchange(endpoint: Pick<Endpoint, "dial">, bytes: Buffer): Promise<string> {
  const socket = endpoint.dial();
  socket.on("error", () => {});
  socket.write(bytes);
  let answer = "";
  for await (const chunk of socket) answer += (chunk as Buffer).toString("latin1");
  return answer;
}
