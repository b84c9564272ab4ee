import type { RedisOptions } from "../../redis.js";
import { Certificates } from "../certificates.fixture.js";
import { RedisServer } from "./redis-server.fixture.js";

/** The fewest rights that a user needs, as docs/broadcast.md lists them; with the prefix "ws". */
const leastRights = [
  ...["~ws:*", "&ws:*", "&ws/*"],
  ...["+ping", "+info", "+eval", "+evalsha", "+script|load"],
  ...["+subscribe", "+unsubscribe", "+publish"],
  ...[
    "+get",
    "+set",
    "+del",
    "+pexpire",
    "+hmget",
    "+hset",
    "+hgetall",
    "+hdel",
    "+xadd",
    "+xrange",
    "+time",
  ],
];

/** A server with a user `ann`, by the password `secret`, that has those rights. */
export async function serverOfAnn(): Promise<RedisServer> {
  const server = await RedisServer.start();
  await server.ask("ACL", "SETUSER", "ann", "reset", "on", ">secret", ...leastRights);
  return server;
}

/** A server that talks TLS alone, to those who show a certificate. */
export class TlsServer implements AsyncDisposable {
  readonly certificates: Certificates;
  readonly server: RedisServer;

  private constructor(certificates: Certificates, server: RedisServer) {
    this.certificates = certificates;
    this.server = server;
  }

  static async start(): Promise<TlsServer> {
    const certificates = await Certificates.make();
    const { ca, server } = certificates;
    const files = ["--tls-ca-cert-file", ca.certFile, "--tls-cert-file", server.certFile];
    return new TlsServer(
      certificates,
      await RedisServer.startTls(...files, "--tls-key-file", server.keyFile, "--tls-auth-clients", "yes"),
    );
  }

  get options(): RedisOptions {
    const { ca, client } = this.certificates;
    const tls = { ca: ca.cert, cert: client.cert, key: client.key };
    return { url: this.server.url.replace("redis:", "rediss:"), tls };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.end();
    await this.certificates[Symbol.asyncDispose]();
  }
}
