/**
 * What a server and its clients agree on: channels of messages, requests and topics, their schemas, and the types that
 * follow from them. The protocol that transports them is in `./wire`.
 *
 * @module
 */
export { bytes, isBytes } from "./bytes.js";
export { type Channel, type ChannelSpec, channel, type RequestSpec, type TopicSpec } from "./channel.js";
export type { Filled } from "./filled.js";
export type {
  ClientRequestName,
  ClientRequestOf,
  ErrorData,
  EventName,
  EventSchema,
  GivenOutput,
  MessageName,
  MessageSchema,
  PatternOf,
  ReceivedInput,
  RequestErrors,
  RequestInput,
  RequestName,
  RequestOf,
  RequestOutput,
  TopicMessage,
  TopicName,
  TopicOf,
  TopicPattern,
  TopicPresence,
} from "./names.js";
export type { Converter, Converters } from "./path/converter.js";
export type { ParamsOf, PathParams } from "./path/params.js";
export type { In, InferInput, InferOutput, Out, Schema } from "./validation/schema.js";
