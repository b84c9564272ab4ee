import { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { announce, peerOf } from "./peer.js";

/** A socket that tells this of itself. */
function socketOf(tells: object): Duplex {
  return Object.assign(new Duplex(), tells);
}

const ends = { remoteAddress: "1.2.3.4", remotePort: 5, localAddress: "10.0.0.1", localPort: 80 };

describe("the peer of a socket", () => {
  test("is its remote address", () => {
    expect(peerOf(socketOf(ends))).toEqual({
      client: { host: "1.2.3.4", port: 5 },
      isSecure: undefined,
      isLocal: false,
      isAnonymous: false,
    });
  });

  test("has no address on a unix socket, in memory, or where the address is only half known", () => {
    for (const tells of [{}, { remoteAddress: "1.2.3.4" }, { remotePort: 5 }]) {
      expect(peerOf(socketOf(tells)).client).toBeNull();
    }
    expect(peerOf(socketOf({})).isLocal).toBe(true);
  });

  test("speaks TLS where the socket does; of a plain socket that is not known", () => {
    expect(peerOf(socketOf({ encrypted: true })).isSecure).toBe(true);
    expect(peerOf(socketOf({ encrypted: undefined })).isSecure).toBeUndefined();
  });

  test("is not local where a TCP socket has lost its remote address, or where the socket was destroyed", () => {
    const { localAddress, localPort } = ends;
    expect(peerOf(socketOf({ localAddress, localPort }))).toMatchObject({ client: null, isLocal: false });
    expect(peerOf(socketOf({}).destroy())).toMatchObject({ client: null, isLocal: false });
  });

  test("is whom the PROXY protocol named", () => {
    const [named, unnamed, local] = [socketOf(ends), socketOf(ends), socketOf({})];
    announce(named, { host: "9.9.9.9", port: 7 });
    announce(unnamed, null);
    announce(local, { host: "9.9.9.9", port: 7 });
    const client = { host: "9.9.9.9", port: 7 };
    expect(peerOf(named)).toMatchObject({ client, isLocal: false, isAnonymous: false });
    expect(peerOf(unnamed)).toMatchObject({ client: { host: "1.2.3.4" }, isAnonymous: true });
    expect(peerOf(local)).toMatchObject({ client, isLocal: false });
  });
});
