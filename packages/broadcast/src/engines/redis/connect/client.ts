import type { ConnectionOptions } from "node:tls";
import { createClient, ErrorReply, type RedisClientOptions, type RedisClientType } from "@redis/client";
import { addressText, type NodeAddress } from "./address.js";
import { type OwnSingleClient, optionsOfClient } from "./own-client.js";

export { ErrorReply };

/** TLS as `node:tls` takes it: `ca`, `cert`, `key`, `servername` … */
export type TlsOptions = ConnectionOptions;

/** Gives name and password for each new connection, as `@redis/client` takes it. */
export type CredentialsProvider = NonNullable<RedisClientOptions["credentialsProvider"]>;

/** How a connection to a server is made, wherever that is. */
export interface NodeAccess {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly credentialsProvider?: CredentialsProvider | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly database: number;
}

/** One connection of the library, before it is opened. */
export type Client = RedisClientType;

/** How one server is reached. */
export interface Dial {
  /** `host:port`, for people. */
  readonly address: string;
  /** What must not stand in any text. */
  readonly secrets: readonly string[];
  /** A client that is not opened yet; `connectTimeout` in ms. */
  client(connectTimeout: number): Client;
}

/**
 * Nothing of the client's own recovery: it would queue what is sent while Redis is away, and tell nobody when
 * subscriptions were interrupted. A client is used for one connection and thrown away.
 */
const withoutRecovery = {
  RESP: 3,
  disableOfflineQueue: true,
  maintNotifications: "disabled",
  // By default every command is given a timer; what is asked here has the signal of its caller.
  commandOptions: { timeout: 0 },
} as const;

function newClient(options: Omit<RedisClientOptions, keyof typeof withoutRecovery>): Client {
  return createClient({ ...options, ...withoutRecovery });
}

/** What of a socket's options is ours, whoever gives the others. */
function ownSocket(connectTimeout: number): { connectTimeout: number; reconnectStrategy: false } {
  return { connectTimeout, reconnectStrategy: false };
}

/** Reaches a server by an address and what the options say of the access. */
export function dialAddress({ host, port }: NodeAddress, access: NodeAccess): Dial {
  const { username, password, credentialsProvider, tls, database } = access;
  return {
    address: addressText({ host, port }),
    secrets: password === undefined ? [] : [password],
    client: (connectTimeout) => {
      const socket = { host, port, ...ownSocket(connectTimeout) };
      return newClient({
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        ...(credentialsProvider !== undefined && { credentialsProvider }),
        ...(database !== 0 && { database }),
        socket: tls === undefined ? socket : { ...tls, ...socket, tls: true },
      });
    },
  };
}

/** What a client of the application may have that changes what commands do; none of it is of use here. */
const neutral = {
  keyPrefix: undefined,
  clientSideCache: undefined,
  emitInvalidate: false,
  readonly: false,
  pingInterval: undefined,
  commandsQueueMaxLength: undefined,
};

/** Reaches a server as a client of the application does: the same one, or another of its cluster. */
export function dialAs(client: OwnSingleClient, address?: NodeAddress): Dial {
  const { password, socket } = optionsOfClient(client);
  const place = address === undefined ? {} : { url: undefined, name: undefined };
  return {
    address: address === undefined ? "the client's server" : addressText(address),
    secrets: password === undefined ? [] : [password],
    client: (connectTimeout) =>
      client.duplicate({
        ...withoutRecovery,
        ...neutral,
        ...place,
        socket: { ...socket, ...address, ...ownSocket(connectTimeout) },
      }) as Client,
  };
}
