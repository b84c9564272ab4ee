import type { Channel } from "@ws/contract";
import { subprotocol } from "@ws/contract/wire";
import type { Route, RouteEntry } from "@ws/router";
import { addressOf, parametersOf, partsOf } from "./address.js";
import { ChannelWriter } from "./channel.js";
import type {
  AsyncApiDocument,
  DocumentChannel,
  DocumentServer,
  Info,
  JsonSchema,
  Operation,
} from "./document.js";
import { type Convert, jsonSchemaOf, placedAt } from "./json-schema.js";
import { Keys } from "./keys.js";
import { closeCodeEntries, errorCodes, handshake } from "./protocol.js";

export interface AsyncApiOptions {
  /** `title`, `version` and `description` of your application. */
  readonly info: Info;
  /** The servers by name; none by default, so that the document is valid wherever the application runs. */
  readonly servers?: Readonly<Record<string, DocumentServer>> | undefined;
  /** A router, or a list of routes. A route that `implement` made knows its channel; mounted applications are left out. */
  readonly routes?: { readonly routes: readonly Route[] } | readonly RouteEntry[] | undefined;
  /**
   * Channels that views of your own serve. Each is found among the routes by its pattern. Without `routes` the document
   * contains only these channels.
   */
  readonly channels?: readonly Channel[] | undefined;
  /**
   * For schemas that have no Standard JSON Schema, or cannot be expressed in it: returns a JSON Schema (draft 7) in its
   * place, or `undefined` to use the schema's own.
   */
  readonly convert?: Convert | undefined;
}

/** A path, and its channel where that is known. */
interface Endpoint {
  readonly pattern: string;
  readonly name: string | undefined;
  readonly parts: Route["parts"];
  readonly channel: Channel | undefined;
}

/** @throws {TypeError} for a channel without a route. */
function endpointsOf(routes: AsyncApiOptions["routes"], channels: readonly Channel[]): readonly Endpoint[] {
  if (routes === undefined) {
    return channels.map((channel) => ({
      pattern: channel.pattern,
      name: undefined,
      parts: partsOf(channel.pattern),
      channel,
    }));
  }
  const list = "routes" in routes ? routes.routes : routes.flat();
  const views = list.filter((route) => route.kind === "view");
  const lost = channels.find(({ pattern }) => !views.some((view) => view.pattern === pattern));
  if (lost !== undefined) {
    const known = views.map(({ pattern }) => pattern).join(", ");
    throw new TypeError(
      `asyncapi: expected a route of the channel ${JSON.stringify(lost.pattern.slice(0, 128))}, got ${
        known.slice(0, 400) || "none"
      }. Likely mistake: its route stands under a prefix; make the channel with the whole path.`,
    );
  }
  return views.map(({ pattern, name, parts, channel }) => ({
    pattern,
    name,
    parts,
    channel: channel ?? channels.find((each) => each.pattern === pattern),
  }));
}

/** What a reader has to know of a channel before its messages. */
function describe({ pattern, channel }: Endpoint, isEnveloped: boolean): string {
  if (channel === undefined) return `A view of its own at ${pattern}; what it speaks is not declared.`;
  if (!isEnveloped) return "Each message is plain JSON of its schema, without an envelope.";
  return (
    `The protocol ${subprotocol}: a text frame holds one message of JSON-RPC 2.0, no batches. Requests of the two sides are ` +
    "counted apart. Names that begin with $/ are the protocol's; an unknown notification of them is ignored."
  );
}

/**
 * An AsyncAPI 3.0 document of an application's routes and channels, as plain JSON. It is meant for build time. It is written
 * from the server's point of view: `receive` is what clients send.
 *
 * @throws {TypeError} for a schema that has no JSON Schema, and for a channel without a route; it names both.
 * @throws {RouteError} for an invalid pattern of a channel or a topic.
 */
export function asyncapi(options: AsyncApiOptions): AsyncApiDocument {
  const { info, servers, routes, channels: given = [], convert = () => undefined } = options;
  const [channelKeys, operationKeys, schemaKeys] = [new Keys(), new Keys(), new Keys()];
  const channels: Record<string, DocumentChannel> = {};
  const operations: Record<string, Operation> = {};
  const schemas: Record<string, JsonSchema> = {};
  for (const endpoint of endpointsOf(routes, given)) {
    const { name, parts, channel, pattern } = endpoint;
    const address = addressOf(parts);
    const key = channelKeys.take(...(name ?? address).split(/[/:]/));
    const writer = new ChannelWriter(
      `#/channels/${key}`,
      (schema, part, sender) => {
        const made = jsonSchemaOf(schema, { channel: pattern, part, sender }, convert);
        const schemaKey = schemaKeys.take(...key.split("."), ...part.split("."));
        const $ref = `#/components/schemas/${schemaKey}`;
        schemas[schemaKey] = placedAt($ref, made);
        return { $ref };
      },
      (names, operation) => {
        operations[operationKeys.take(...key.split("."), ...names)] = operation;
      },
    );
    const isEnveloped = channel !== undefined && writer.write(channel);
    const parameters = parametersOf(parts);
    channels[key] = {
      address,
      title: pattern,
      description: describe(endpoint, isEnveloped),
      ...(parameters && { parameters }),
      messages: writer.messages,
      bindings: { ws: isEnveloped ? handshake : { method: "GET", bindingVersion: "0.1.0" } },
      ...(isEnveloped && { "x-close-codes": closeCodeEntries, "x-error-codes": errorCodes }),
    };
  }
  return {
    asyncapi: "3.0.0",
    info,
    defaultContentType: "application/json",
    ...(servers && { servers }),
    channels,
    operations,
    components: { schemas },
  };
}
