import type { ConnectionOptions } from "node:tls";
import { createClient, ErrorReply, type RedisClientOptions, type RedisClientType } from "@redis/client";
import { addressText, type NodeAddress } from "./address.js";
import { type OwnSingleClient, optionsOfClient } from "./own-client.js";

export { ErrorReply };

/** TLS options of `node:tls`: `ca`, `cert`, `key`, `servername` … */
export type TlsOptions = ConnectionOptions;

/** Gives name and password for each new connection, in the form that `@redis/client` takes. */
export type CredentialsProvider = NonNullable<RedisClientOptions["credentialsProvider"]>;

/** How to connect to a server, apart from its address. */
export interface NodeAccess {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly credentialsProvider?: CredentialsProvider | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly database: number;
}

/** One connection of the library, before it is opened. */
export type Client = RedisClientType;

/** How to reach one server. */
export interface Dial {
  /** Its address `host:port`, for people. */
  readonly address: string;
  /** Texts that must not appear in any message. */
  readonly secrets: readonly string[];
  /** Makes a client that is not opened yet; `connectTimeout` in ms. */
  client(connectTimeout: number): Client;
}

/**
 * Turns the client's own recovery off: it would queue commands while Redis is away, and would not report that subscriptions
 * were interrupted. A client is used for one connection and then dropped.
 */
const withoutRecovery = {
  RESP: 3,
  disableOfflineQueue: true,
  maintNotifications: "disabled",
  // By default the client sets a timer for every command; here each call has the signal of its caller.
  commandOptions: { timeout: 0 },
} as const;

function newClient(options: Omit<RedisClientOptions, keyof typeof withoutRecovery>): Client {
  return createClient({ ...options, ...withoutRecovery });
}

/** The socket options that are ours, whoever gives the others. */
function ownSocket(connectTimeout: number): { connectTimeout: number; reconnectStrategy: false } {
  return { connectTimeout, reconnectStrategy: false };
}

/** Reaches a server by its address and the options of access. */
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

/**
 * Options of an application's client that change what commands do. They are set back here, because they would disturb the
 * engine.
 */
const neutral = {
  keyPrefix: undefined,
  clientSideCache: undefined,
  emitInvalidate: false,
  readonly: false,
  pingInterval: undefined,
  commandsQueueMaxLength: undefined,
};

/** Reaches a server in the way of an application's client: the same server, or another one of its cluster. */
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
