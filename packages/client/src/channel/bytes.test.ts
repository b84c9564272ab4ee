import { channel, bytes as schema } from "@ws/contract";
import { expect, test } from "vitest";
import { bytes } from "../bytes.js";
import { fakeSockets, settled } from "../fake-socket.fixture.js";
import { createClient } from "../index.js";

const blobs = channel("/blobs/", { toServer: { up: schema() }, toClient: { down: schema() } });

test("messages of bytes travel as binary frames that begin with their name", async () => {
  const sockets = fakeSockets();
  const client = createClient<typeof blobs>("ws://test/blobs/", { WebSocket: sockets.WebSocket, bytes });
  const sending = client.send("up", new Uint8Array([7, 8]));
  await settled();
  sockets.last.open();
  sockets.last.hello();
  await sending;
  expect(sockets.last.sent).toEqual([new Uint8Array([2, 117, 112, 7, 8])]);
  const heard: Uint8Array[] = [];
  client.on("down", (payload) => heard.push(payload));
  sockets.last.message(bytes.join("down", new Uint8Array([9])).buffer);
  sockets.last.message(bytes.join("other", new Uint8Array([9])).buffer);
  sockets.last.message(new Uint8Array([0]).buffer);
  await settled();
  expect(heard).toEqual([new Uint8Array([9])]);
  client.close();
});

test("without them a message of bytes is an error that says what is missing", async () => {
  const sockets = fakeSockets();
  const client = createClient<typeof blobs>("ws://test/blobs/", { WebSocket: sockets.WebSocket });
  await expect(client.send("up", new Uint8Array())).rejects.toThrow("@ws/client/bytes");
});
