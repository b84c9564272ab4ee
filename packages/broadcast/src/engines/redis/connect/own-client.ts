/** A client that the application has made by `createClient`. */
export interface OwnSingleClient {
  readonly options: object;
  duplicate(overrides?: object): unknown;
}

/** A client that the application has made by `createCluster`. */
export interface OwnClusterClient {
  readonly masters: readonly { readonly host: string; readonly port: number }[];
  nodeClient(node: never): Promise<OwnSingleClient>;
}

/** A client of `@redis/client`, or of `redis`. */
export type OwnClient = OwnSingleClient | OwnClusterClient;

/** The options of a client that are read here. */
interface ClientOptions {
  readonly password?: string;
  readonly database?: number;
  readonly socket?: object;
}

/** The options with which a client was made. */
export function optionsOfClient(client: OwnSingleClient): ClientOptions {
  return client.options;
}

export function isClusterClient(client: OwnClient): client is OwnClusterClient {
  return "nodeClient" in client;
}

/** The number of the database that a client has selected. */
export function databaseOfClient(client: OwnClient): number {
  return isClusterClient(client) ? 0 : (optionsOfClient(client).database ?? 0);
}

export function secretsOfClient(client: OwnClient): readonly string[] {
  return isClusterClient(client) ? [] : [optionsOfClient(client).password ?? ""];
}

/** @throws {TypeError} for a value that is no client, or a client that does not give its options. */
export function checkOwnClient(client: unknown): void {
  const has = (name: string): boolean => typeof client === "object" && client !== null && name in client;
  if (has("nodeClient") || (has("duplicate") && has("options"))) return;
  const hint = has("duplicate")
    ? " Likely mistake: a client of createSentinel, which tells nobody what it was made with; give { sentinel } in its place."
    : has("execute")
      ? " Likely mistake: a pool of createClientPool; give the client, or { url }, in its place."
      : " Likely mistake: options in place of a client, or a client of another library.";
  throw new TypeError(
    `redis options.client: expected a client of createClient or createCluster of @redis/client, got something else.${hint}`,
  );
}
