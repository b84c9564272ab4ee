import type { Channel, ChannelSpec, RequestSpec, TopicSpec } from "./channel.js";
import type { Filled } from "./filled.js";
import type { In, Out, Schema } from "./validation/schema.js";

/**
 * The part `Key` of a channel's contract as a record; an empty one where the contract has no such part, or a single schema
 * there.
 */
type Part<C extends Channel, Key extends keyof C["spec"]> = C["spec"] extends {
  readonly [K in Key]: infer Found;
}
  ? Found extends Schema
    ? Record<never, never>
    : Found
  : Record<never, never>;

/** The text that a compiler shows where names are needed and the type of the channel is unknown. */
type Untold = "the type of the channel is not known: createClient<typeof chat>(…)";

/** The names are inferred anew, so that an error lists them and not the name of this type with the whole channel. */
type NameIn<C extends Channel, Key extends string> = ChannelSpec extends C["spec"]
  ? Untold
  : keyof Part<C, Key & keyof C["spec"]> extends infer Name extends string
    ? Name
    : never;

type EntryIn<C extends Channel, Key extends string, Name> =
  Part<C, Key & keyof C["spec"]> extends infer Entries
    ? Name extends keyof Entries
      ? Entries[Name]
      : never
    : never;

/** The messages that a client may send. */
export type MessageName<C extends Channel> = NameIn<C, "toServer">;
/** The messages that a server may send to one connection. */
export type EventName<C extends Channel> = NameIn<C, "toClient">;
/** The requests that a client may make. */
export type RequestName<C extends Channel> = NameIn<C, "requests">;
/** The requests that a server may make. */
export type ClientRequestName<C extends Channel> = NameIn<C, "clientRequests">;
/** The patterns of the topics. */
export type TopicPattern<C extends Channel> = NameIn<C, "topics">;
/** The topics to which a client may subscribe: the patterns with their parameters filled in. */
export type TopicName<C extends Channel> = Filled<TopicPattern<C>>;

/** The schema of a message from the client. */
export type MessageSchema<C extends Channel, Name> = EntryIn<C, "toServer", Name>;
/** The schema of a message from the server. */
export type EventSchema<C extends Channel, Name> = EntryIn<C, "toClient", Name>;
/** The request with that name. */
export type RequestOf<C extends Channel, Name> = EntryIn<C, "requests", Name>;
/** The request with that name that a server may make. */
export type ClientRequestOf<C extends Channel, Name> = EntryIn<C, "clientRequests", Name>;

/** The patterns that a topic may match. A literal pattern takes precedence over one with parameters. */
export type PatternOf<C extends Channel, Topic> =
  Topic extends TopicPattern<C>
    ? Topic
    : { [P in TopicPattern<C>]: Topic extends Filled<P> ? P : never }[TopicPattern<C>];

/** The long form of the topic with that pattern, or that matches that name. */
export type TopicOf<C extends Channel, Topic> =
  EntryIn<C, "topics", PatternOf<C, Topic>> extends infer Entry
    ? Entry extends Schema
      ? { readonly message: Entry }
      : Entry extends TopicSpec
        ? Entry
        : never
    : never;

/** The messages of a topic, as its subscribers get them. */
export type TopicMessage<C extends Channel, Topic> = Out<TopicOf<C, Topic>["message"]>;
/** The type of a topic's members; `never` where they cannot be listed. */
export type TopicPresence<C extends Channel, Topic> =
  TopicOf<C, Topic> extends { readonly presence: infer P extends Schema } ? Out<P> : never;

type Member<R, Key extends keyof RequestSpec> = R extends { readonly [K in Key]: infer Found }
  ? Found
  : undefined;

/** The input with which a request is called. */
export type RequestInput<R> = In<Member<R, "input">>;
/** The input as the handler of the request gets it. */
export type ReceivedInput<R> = Out<Member<R, "input">>;
/** The output as the handler of the request returns it. */
export type GivenOutput<R> = In<Member<R, "output">>;
/** The output with which a request resolves. */
export type RequestOutput<R> = Out<Member<R, "output">>;

/** The errors that a request declares, as a union of `{ name, data }`; `never` where it declares none. */
export type RequestErrors<R> = R extends { readonly errors: infer Errors }
  ? {
      [Name in keyof Errors & string]: { readonly name: Name; readonly data: Out<Errors[Name]> };
    }[keyof Errors & string]
  : never;

/** The data of an error with that name. */
export type ErrorData<R, Name> = R extends { readonly errors: infer Errors }
  ? Name extends keyof Errors
    ? In<Errors[Name]>
    : never
  : never;
