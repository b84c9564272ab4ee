import type {
  Channel,
  GivenOutput,
  MessageName,
  MessageSchema,
  Out,
  ParamsOf,
  ReceivedInput,
  RequestName,
  RequestOf,
  TopicOf,
  TopicPattern,
} from "@ws/contract";
import type { TopicAnswer } from "../topics/served-topic.js";
import type { Context, RequestContext } from "./context.js";

/** The result of a request's handler. Where the contract has no output, the result is dropped. */
type Given<R> = R extends { readonly output: object } ? GivenOutput<R> : unknown;

type Messages<C extends Channel, State extends object> = {
  readonly [Name in MessageName<C>]: (
    message: Out<MessageSchema<C, Name>>,
    context: Context<C, State>,
  ) => unknown;
};

type Requests<C extends Channel, State extends object> = {
  readonly [Name in RequestName<C>]: (
    input: ReceivedInput<RequestOf<C, Name>>,
    context: RequestContext<C, State, RequestOf<C, Name>>,
  ) => Given<RequestOf<C, Name>> | Promise<Given<RequestOf<C, Name>>>;
};

type Topics<C extends Channel, State extends object> = {
  readonly [Pattern in TopicPattern<C>]: (
    params: ParamsOf<Pattern>,
    context: Context<C, State>,
  ) => TopicAnswer<TopicOf<C, Pattern>> | Promise<TopicAnswer<TopicOf<C, Pattern>>>;
};

/** A part that is required where the contract has names for it. */
type Needed<Key extends string, Names, Handlers> = [Names] extends [never]
  ? { readonly [K in Key]?: Record<never, never> }
  : { readonly [K in Key]: Handlers };

/** The server's side of a channel: a handler for each message, request and topic of the contract. */
export type Implementation<C extends Channel, State extends object> = Needed<
  "messages",
  MessageName<C>,
  Messages<C, State>
> &
  Needed<"requests", RequestName<C>, Requests<C, State>> &
  Needed<"topics", TopicPattern<C>, Topics<C, State>> & {
    /** Called for each connection before its first message is handled. If it throws, the connection is closed with 1011. */
    readonly opened?: (context: Context<C, State>) => unknown;
  };
