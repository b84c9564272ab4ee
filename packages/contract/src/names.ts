import type { Channel, ChannelSpec, RequestSpec, TopicSpec } from "./channel.js";
import type { Filled } from "./filled.js";
import type { In, Out, Schema } from "./validation/schema.js";

/** The part `Key` of a channel's contract, as a record; none where the contract has no such part, or one schema there. */
type Part<C extends Channel, Key extends keyof C["spec"]> = C["spec"] extends {
  readonly [K in Key]: infer Found;
}
  ? Found extends Schema
    ? Record<never, never>
    : Found
  : Record<never, never>;

/** What a compiler shows where names are asked for of a channel whose type it was not given. */
type Untold = "the type of the channel is not known: createClient<typeof chat>(…)";

/** Inferred anew, so that an error lists the names in place of this type's own name and the whole channel. */
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
/** The topics that a client may subscribe to: the patterns, filled. */
export type TopicName<C extends Channel> = Filled<TopicPattern<C>>;

/** The schema of a message of the client. */
export type MessageSchema<C extends Channel, Name> = EntryIn<C, "toServer", Name>;
/** The schema of a message of the server. */
export type EventSchema<C extends Channel, Name> = EntryIn<C, "toClient", Name>;
/** The request of that name. */
export type RequestOf<C extends Channel, Name> = EntryIn<C, "requests", Name>;
/** The request of that name that a server may make. */
export type ClientRequestOf<C extends Channel, Name> = EntryIn<C, "clientRequests", Name>;

/** The patterns that a filled topic may be of. A literal one goes before one with parameters. */
export type PatternOf<C extends Channel, Topic> =
  Topic extends TopicPattern<C>
    ? Topic
    : { [P in TopicPattern<C>]: Topic extends Filled<P> ? P : never }[TopicPattern<C>];

/** The topic, by its pattern or filled, in its long form. */
export type TopicOf<C extends Channel, Topic> =
  EntryIn<C, "topics", PatternOf<C, Topic>> extends infer Entry
    ? Entry extends Schema
      ? { readonly message: Entry }
      : Entry extends TopicSpec
        ? Entry
        : never
    : never;

/** The messages of a topic: what its subscribers get. */
export type TopicMessage<C extends Channel, Topic> = Out<TopicOf<C, Topic>["message"]>;
/** Who a member of a topic is; `never` where nobody can ask. */
export type TopicPresence<C extends Channel, Topic> =
  TopicOf<C, Topic> extends { readonly presence: infer P extends Schema } ? Out<P> : never;

type Member<R, Key extends keyof RequestSpec> = R extends { readonly [K in Key]: infer Found }
  ? Found
  : undefined;

/** What a request is called with. */
export type RequestInput<R> = In<Member<R, "input">>;
/** What reaches whoever answers it. */
export type ReceivedInput<R> = Out<Member<R, "input">>;
/** What whoever answers it gives. */
export type GivenOutput<R> = In<Member<R, "output">>;
/** What a request resolves with. */
export type RequestOutput<R> = Out<Member<R, "output">>;

/** The errors that a request declares, as a union of `{ name, data }`; `never` where it declares none. */
export type RequestErrors<R> = R extends { readonly errors: infer Errors }
  ? {
      [Name in keyof Errors & string]: { readonly name: Name; readonly data: Out<Errors[Name]> };
    }[keyof Errors & string]
  : never;

/** The data that an error of that name is made with. */
export type ErrorData<R, Name> = R extends { readonly errors: infer Errors }
  ? Name extends keyof Errors
    ? In<Errors[Name]>
    : never
  : never;
