import { createHash, randomUUID } from "node:crypto";
import { nkeys } from "@nats-io/transport-node";
import { NatsServer, unhurried } from "./nats-server.fixture.js";

type Key = ReturnType<typeof nkeys.createUser>;

const base64 = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** A JWT of NATS, version 2: what `issuer` says of `subject`. */
function sign(issuer: Key, subject: Key, nats: object, rest: object = {}): string {
  const said = { iss: issuer.getPublicKey(), sub: subject.getPublicKey(), iat: seconds(), ...rest };
  const claims = { ...said, nats: { version: 2, ...nats } };
  const jti = createHash("sha256").update(randomUUID()).digest("hex");
  const head = base64(JSON.stringify({ typ: "JWT", alg: "ed25519-nkey" }));
  const text = `${head}.${base64(JSON.stringify({ ...claims, jti }))}`;
  return `${text}.${base64(issuer.sign(Buffer.from(text)))}`;
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000);
}

const unlimited = { subs: -1, data: -1, payload: -1 };
const account = {
  ...{ ...unlimited, conn: -1, leaf: -1, imports: -1, exports: -1, wildcards: true },
  ...{ streams: -1, consumer: -1 },
};

/** What a user may publish to and hear. */
export interface Rights {
  readonly pub: { readonly allow: readonly string[] };
  readonly sub: { readonly allow: readonly string[] };
}

/** All that the engine needs with the prefix `ws`; docs/broadcast.md lists the same. */
export const leastRights: Rights = {
  pub: {
    allow: [
      ...["ws.>", "_INBOX.>"],
      ...[
        "$JS.API.STREAM.INFO.*",
        "$JS.API.STREAM.CREATE.*",
        "$JS.API.STREAM.UPDATE.*",
        "$JS.API.DIRECT.GET.*",
      ],
    ],
  },
  sub: { allow: ["ws.>", "_INBOX.>"] },
};

export interface UserOptions {
  /** All that its account may, where they are not given. */
  readonly rights?: Rights;
  /** For how many seconds it is one; for ever, where that is not given. */
  readonly lifetime?: number;
  /** Of the first account or of the second. */
  readonly of?: 0 | 1;
}

/** A user that the server has never heard of, and knows by what its account has signed. */
export interface User {
  /** Its public key. */
  readonly name: string;
  readonly jwt: string;
  readonly seed: Uint8Array;
  /** Both, as `nsc` writes them into a file `.creds`. */
  readonly creds: Uint8Array;
}

/** A server that trusts an operator: its accounts are known by JWTs, and their users by JWTs of the accounts. */
export class OperatorServer implements AsyncDisposable {
  readonly server: NatsServer;
  readonly #operator: Operator;

  private constructor(server: NatsServer, operator: Operator) {
    this.server = server;
    this.#operator = operator;
  }

  /** Of two accounts and one of the system. */
  static async start(): Promise<OperatorServer> {
    const operator = new Operator();
    return new OperatorServer(await NatsServer.start(operator.configuration()), operator);
  }

  get url(): string {
    return this.server.url;
  }

  /** A new user. */
  user({ rights, lifetime, of = 0 }: UserOptions = {}): User {
    const key = nkeys.createUser();
    const expiry = lifetime === undefined ? {} : { exp: seconds() + lifetime };
    const jwt = sign(this.#operator.accounts[of], key, { type: "user", ...unlimited, ...rights }, expiry);
    const seed = key.getSeed();
    return { name: key.getPublicKey(), jwt, seed, creds: Buffer.from(credentials(jwt, seed)) };
  }

  /** A user of the first account is one no longer: the server ends its connections, soon. */
  async revoke({ name }: User): Promise<void> {
    await this.server.reload(this.#operator.configuration({ [name]: seconds() + 1 }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.end();
  }
}

/** Who is trusted, and the accounts that it has signed. */
class Operator {
  readonly accounts: readonly [Key, Key] = [nkeys.createAccount(), nkeys.createAccount()];
  readonly #key = nkeys.createOperator();
  readonly #system = nkeys.createAccount();
  /** The same for ever: a server takes no other one when it reads its configuration again. */
  readonly #trusted = sign(this.#key, this.#key, {
    type: "operator",
    system_account: this.#system.getPublicKey(),
  });

  /** For a server; `revocations` tells of users of the first account until when they were any. */
  configuration(revocations: Readonly<Record<string, number>> = {}): string {
    const [first, second] = this.accounts;
    const system = this.#system.getPublicKey();
    const known = [
      this.#know(this.#system, 0),
      this.#know(first, -1, { revocations }),
      this.#know(second, -1),
    ];
    return `
      operator: ${this.#trusted}
      system_account: ${system}
      authorization { ${unhurried} }
      resolver: MEMORY
      resolver_preload: { ${known.join("\n")} }`;
  }

  /** JetStream's storage is no account's of the system. */
  #know(key: Key, storage: number, rest: object = {}): string {
    const limits = { ...account, mem_storage: storage, disk_storage: storage };
    return `${key.getPublicKey()}: ${sign(this.#key, key, { type: "account", limits, ...rest })}`;
  }
}

/** What `nsc` writes into a file. */
function credentials(jwt: string, seed: Uint8Array): string {
  return [
    "-----BEGIN NATS USER JWT-----",
    jwt,
    "------END NATS USER JWT------",
    "",
    "************************* IMPORTANT *************************",
    "-----BEGIN USER NKEY SEED-----",
    Buffer.from(seed).toString(),
    "------END USER NKEY SEED------",
    "",
  ].join("\n");
}
