import { type Channel, isBytes, type RequestSpec, type Schema, type TopicSpec } from "@ws/contract";
import { checkSchema } from "@ws/contract/validation";
import { wireLimits } from "@ws/contract/wire";
import { describeValue } from "@ws/events/checks";
import { PresenceLists } from "../topics/presence-lists.js";
import { TopicEncoders } from "../topics/topic-encoders.js";
import { TopicTable } from "../topics/topic-table.js";
import type { ServiceLimits } from "./options.js";

/** A handler of the application. The compiler has compared its types with the contract. */
type Handler = (value: unknown, context: object) => unknown;

/** The handlers of an application as they were given. */
export interface Handlers {
  readonly messages?: Readonly<Record<string, Handler>> | undefined;
  readonly requests?: Readonly<Record<string, Handler>> | undefined;
  readonly topics?: Readonly<Record<string, Handler>> | undefined;
  readonly opened?: ((context: object) => unknown) | undefined;
}

/** A message or a request that a client may send, with its handler. */
export interface Served<Spec> {
  readonly spec: Spec;
  readonly handle: Handler;
}

type Entries<T> = Readonly<Record<string, T>>;

const none: Entries<never> = {};

function isSchema(value: object): value is Schema {
  return "~standard" in value;
}

/**
 * The messages of one direction, by name. @throws {TypeError} for a single schema in their place, and for an invalid name.
 */
function messagesOf(where: string, part: Entries<Schema> | Schema | undefined): Entries<Schema> {
  if (part === undefined) return none;
  if (isSchema(part)) {
    throw new TypeError(
      `implement: ${where}: expected messages by name, got one schema. A channel of plain JSON is served by ` +
        "websocket(channel.pattern, view) and socket.with(…).",
    );
  }
  for (const [name, schema] of Object.entries(part as Entries<Schema>)) {
    checkName(where, name);
    checkSchema(`implement: ${where}.${name}`, schema);
    if (isBytes(schema) && !/^[\x20-\x7e]+$/.test(name)) {
      throw new TypeError(
        `implement: ${where}: expected ASCII in the name of a message of bytes, got ${describeValue(name)}`,
      );
    }
  }
  return part as Entries<Schema>;
}

function requestsOf(where: string, part: Entries<RequestSpec> = none): Entries<RequestSpec> {
  for (const [name, { input, output, errors = none }] of Object.entries(part)) {
    checkName(where, name);
    for (const [key, schema] of Object.entries({ input, output, ...errors })) {
      if (schema !== undefined) checkSchema(`implement: ${where}.${name}.${key}`, schema);
    }
  }
  return part;
}

function checkName(where: string, name: string): void {
  if (name.startsWith("$/")) {
    throw new TypeError(
      `implement: ${where}: names that begin with $/ are the protocol's, got ${describeValue(name)}`,
    );
  }
  if (name !== "" && name.length <= wireLimits.name) return;
  throw new TypeError(`implement: ${where}: expected a name of 1 to ${wireLimits.name} characters`);
}

/** Pairs the names of the contract with their handlers. @throws {TypeError} for a handler that is missing or superfluous. */
function paired<Spec>(
  where: string,
  specs: Entries<Spec>,
  handlers: Entries<Handler> = none,
): ReadonlyMap<string, Served<Spec>> {
  const unknown = Object.keys(handlers).find((name) => !Object.hasOwn(specs, name));
  if (unknown !== undefined) {
    const known = Object.keys(specs).slice(0, 8).join(", ");
    throw new TypeError(
      `implement: ${where}: the channel has no ${describeValue(unknown)}; it has ${known || "none"}`,
    );
  }
  const served = Object.entries(specs).map(([name, spec]): [string, Served<Spec>] => {
    const handle = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (typeof handle === "function") return [name, { spec, handle }];
    throw new TypeError(`implement: ${where}.${name}: expected a handler, got ${describeValue(handle)}`);
  });
  return new Map(served);
}

/** A channel with its handlers, after all checks. Its connections share it. */
export class Service {
  readonly pattern: string;
  readonly limits: ServiceLimits;
  readonly messages: ReadonlyMap<string, Served<Schema>>;
  readonly requests: ReadonlyMap<string, Served<RequestSpec>>;
  readonly topics: ReadonlyMap<string, Served<Schema | TopicSpec>>;
  readonly events: Entries<Schema>;
  readonly clientRequests: Entries<RequestSpec>;
  readonly opened: ((context: object) => unknown) | undefined;
  readonly table: TopicTable;
  /** The patterns of the topics whose members can be listed. */
  readonly present: ReadonlySet<string>;
  readonly encoders: TopicEncoders = new TopicEncoders();
  readonly lists: PresenceLists = new PresenceLists();

  /**
   * @throws {TypeError} for an invalid channel or invalid handlers.
   * @throws {RouteError} for an invalid pattern of a topic.
   */
  constructor({ pattern, spec }: Channel, handlers: Handlers, limits: ServiceLimits) {
    const { topics = none } = spec;
    this.pattern = pattern;
    this.limits = limits;
    this.messages = paired("messages", messagesOf("toServer", spec.toServer), handlers.messages);
    this.requests = paired("requests", requestsOf("requests", spec.requests), handlers.requests);
    this.topics = paired("topics", topics, handlers.topics);
    this.events = messagesOf("toClient", spec.toClient);
    this.clientRequests = requestsOf("clientRequests", spec.clientRequests);
    this.opened = handlers.opened;
    this.table = new TopicTable(Object.keys(topics));
    this.present = new Set(
      Object.entries(topics).flatMap(([name, topic]) =>
        "presence" in topic && topic.presence !== undefined ? [name] : [],
      ),
    );
  }
}
