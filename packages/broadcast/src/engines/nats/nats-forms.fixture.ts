import { nkeyAuthenticator, nkeys } from "@nats-io/transport-node";
import type { NatsOptions } from "../../nats.js";
import { Certificates } from "../certificates.fixture.js";
import { NatsServer, unhurried } from "./nats-server.fixture.js";

/** A server that talks TLS alone, to those who show a certificate; the name in that is the user. */
export class TlsServer implements AsyncDisposable {
  readonly certificates: Certificates;
  readonly server: NatsServer;

  private constructor(certificates: Certificates, server: NatsServer) {
    this.certificates = certificates;
    this.server = server;
  }

  static async start(): Promise<TlsServer> {
    const certificates = await Certificates.make();
    const { ca, server } = certificates;
    const files = `cert_file: "${server.certFile}", key_file: "${server.keyFile}", ca_file: "${ca.certFile}"`;
    return new TlsServer(
      certificates,
      await NatsServer.start(`tls { ${files}, verify: true, ${unhurried} }`),
    );
  }

  get options(): NatsOptions {
    const { ca, client } = this.certificates;
    return { servers: this.server.url, tls: { ca: ca.cert, cert: client.cert, key: client.key } };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.end();
    await this.certificates[Symbol.asyncDispose]();
  }
}

const user = nkeys.createUser();

/** What signs as the user of `serverOfNKey`. */
export const authenticator: ReturnType<typeof nkeyAuthenticator> = nkeyAuthenticator(user.getSeed());

/** A server that knows one user, by an NKey. */
export function serverOfNKey(): Promise<NatsServer> {
  return NatsServer.start(`authorization { ${unhurried}, users: [{ nkey: ${user.getPublicKey()} }] }`);
}
