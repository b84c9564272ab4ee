/**
 * Hooks for the clients of `@ws/client`: the state of a connection, the messages of a topic, a value that is kept up to
 * date, and requests.
 *
 * @module
 */
export { useConnection } from "./use-connection.js";
export { useLive } from "./use-live.js";
export { type RequestState, useRequest } from "./use-request.js";
export { type TopicOptions, useTopic } from "./use-topic.js";
