import type { Schema } from "./validation/schema.js";

/** A request: its input, its result, and the errors with which it may be answered instead. */
export interface RequestSpec {
  /** The input, which is an object. A request without this schema takes `undefined`. */
  readonly input?: Schema | undefined;
  /** The result, which is any JSON. A request without this schema answers `undefined`. */
  readonly output?: Schema | undefined;
  /** The errors with which the request may be answered, by name, each with the schema of its data. */
  readonly errors?: Readonly<Record<string, Schema>> | undefined;
  /**
   * Whether the request may be carried out twice. Then a client sends it again when a connection was lost; `false` by
   * default.
   */
  readonly idempotent?: boolean | undefined;
}

/** A topic whose members can be listed. */
export interface TopicSpec {
  readonly message: Schema;
  /** The schema that describes a member. Without it the members cannot be listed. */
  readonly presence?: Schema | undefined;
}

/**
 * The contents of a channel. One schema may take the place of a record of messages: then every message is plain JSON of that
 * schema without an envelope, and the channel has neither requests nor topics.
 */
export interface ChannelSpec {
  /** Messages from the client, by name. */
  readonly toServer?: Readonly<Record<string, Schema>> | Schema | undefined;
  /** Messages from the server to one connection, by name. They are lost if that connection is. */
  readonly toClient?: Readonly<Record<string, Schema>> | Schema | undefined;
  /** Requests from the client to the server, by name. */
  readonly requests?: Readonly<Record<string, RequestSpec>> | undefined;
  /** Requests from the server to the client, by name. */
  readonly clientRequests?: Readonly<Record<string, RequestSpec>> | undefined;
  /** Topics by pattern, such as `"said"` or `"price/<slug:symbol>"`. */
  readonly topics?: Readonly<Record<string, Schema | TopicSpec>> | undefined;
}

/** What server and client agree on for one path. A browser needs only its type. */
export interface Channel<Pattern extends string = string, Spec extends ChannelSpec = ChannelSpec> {
  /** The path, as a pattern of the router: `"/chat/<int:room>/"`. */
  readonly pattern: Pattern;
  readonly spec: Spec;
}

/** Declares a channel. Its patterns and names are checked where it is implemented; this function only stores them. */
export function channel<const Pattern extends `/${string}`, const Spec extends ChannelSpec>(
  pattern: Pattern,
  spec: Spec,
): Channel<Pattern, Spec> {
  return { pattern, spec };
}
