import type { Schema } from "./validation/schema.js";

/** A request: what is asked, what is answered, and which errors may be answered in place of that. */
export interface RequestSpec {
  /** The input, an object; a request without it takes `undefined`. */
  readonly input?: Schema | undefined;
  /** The result, any JSON; a request without it answers `undefined`. */
  readonly output?: Schema | undefined;
  /** The errors that the request may answer, by name, each with the schema of its data. */
  readonly errors?: Readonly<Record<string, Schema>> | undefined;
  /** Whether the request may run twice, so that a client sends it again when a connection was lost; `false` by default. */
  readonly idempotent?: boolean | undefined;
}

/** A topic whose members can be listed. */
export interface TopicSpec {
  readonly message: Schema;
  /** Who a member is. Without it nobody can ask who is there. */
  readonly presence?: Schema | undefined;
}

/**
 * What may travel over a channel. In place of a record of messages one schema may stand: then every message is plain JSON of it,
 * without the envelope, and the channel has neither requests nor topics.
 */
export interface ChannelSpec {
  /** Messages of the client, by name. */
  readonly toServer?: Readonly<Record<string, Schema>> | Schema | undefined;
  /** Messages of the server to one connection, by name. They live as long as that connection. */
  readonly toClient?: Readonly<Record<string, Schema>> | Schema | undefined;
  /** What the client may ask the server, by name. */
  readonly requests?: Readonly<Record<string, RequestSpec>> | undefined;
  /** What the server may ask the client, by name. */
  readonly clientRequests?: Readonly<Record<string, RequestSpec>> | undefined;
  /** Topics by pattern: `"said"`, `"price/<slug:symbol>"`. */
  readonly topics?: Readonly<Record<string, Schema | TopicSpec>> | undefined;
}

/** What server and client agree on for one path. A browser needs no more of it than its type. */
export interface Channel<Pattern extends string = string, Spec extends ChannelSpec = ChannelSpec> {
  /** The path, in the language of the router: `"/chat/<int:room>/"`. */
  readonly pattern: Pattern;
  readonly spec: Spec;
}

/** Declares a channel. Whoever implements it has its patterns and names checked; this function only keeps them. */
export function channel<const Pattern extends `/${string}`, const Spec extends ChannelSpec>(
  pattern: Pattern,
  spec: Spec,
): Channel<Pattern, Spec> {
  return { pattern, spec };
}
