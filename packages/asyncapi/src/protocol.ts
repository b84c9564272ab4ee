import type { GapReason } from "@ws/contract/wire";
import { closeVerdict, errorCode, subprotocol, wireLimits } from "@ws/contract/wire";
import type { CloseCodeEntry, JsonSchema } from "./document.js";
import { notification, object, reply, request } from "./envelope.js";
import type { Sender } from "./json-schema.js";

/** A message of the protocol itself, and its answer. */
export interface ProtocolMethod {
  readonly method: `$/${string}`;
  readonly senders: readonly Sender[];
  readonly summary: string;
  readonly payload: JsonSchema;
  readonly reply?: JsonSchema;
}

const text: JsonSchema = { type: "string" };
const position: JsonSchema = { type: "string", description: "<epoch>.<sequence>; keep it as it is" };
const milliseconds: JsonSchema = { type: "integer", minimum: 0, description: "in ms" };
const gapReasons: Readonly<Record<GapReason, true>> = {
  lost: true,
  epoch: true,
  interrupted: true,
  overflow: true,
  history: true,
};

/** The messages that every channel with the envelope has. */
export const lifeMethods: readonly ProtocolMethod[] = [
  {
    method: "$/hello",
    senders: ["server"],
    summary: "The first frame to a client that offered the subprotocol.",
    payload: notification(
      "$/hello",
      object({ maxMessage: { type: "integer" }, expiresIn: milliseconds, topics: { type: "integer" } }, [
        "expiresIn",
      ]),
    ),
  },
  {
    method: "$/ping",
    senders: ["client", "server"],
    summary: "A sign of life, answered at once.",
    payload: request("$/ping"),
    reply: reply(),
  },
  {
    method: "$/cancelRequest",
    senders: ["client", "server"],
    summary: "The reply to a request is no longer waited for; it is answered all the same.",
    payload: notification("$/cancelRequest", object({ id: { anyOf: [{ type: "integer" }, text] } })),
  },
  {
    method: "$/authenticate",
    senders: ["client"],
    summary:
      "A new token for the same user; refused with -32001, and -32601 where no session can be renewed.",
    payload: request("$/authenticate", object({ token: text })),
    reply: reply(object({ expiresIn: milliseconds }, ["expiresIn"])),
  },
  {
    method: "$/drain",
    senders: ["server"],
    summary: "The server closes the connection within so many ms: connect anew before.",
    payload: notification("$/drain", object({ within: milliseconds })),
  },
];

/** The messages that a channel with topics has in addition. `topic` describes the names of its topics. */
export function topicMethods(topic: JsonSchema): readonly ProtocolMethod[] {
  return [
    {
      method: "$/subscribe",
      senders: ["client"],
      summary: `Answered when the messages after \`from\` were sent. At most ${wireLimits.topics} subscriptions a connection.`,
      payload: request(
        "$/subscribe",
        object({ topic, from: position, presence: { type: "boolean" } }, ["from", "presence"]),
      ),
      reply: reply(object({ at: position, recovered: { type: "boolean" }, resumable: { type: "boolean" } })),
    },
    {
      method: "$/unsubscribe",
      senders: ["client"],
      summary: "Behind its reply nothing of the topic comes.",
      payload: request("$/unsubscribe", object({ topic })),
      reply: reply(),
    },
    {
      method: "$/gap",
      senders: ["server"],
      summary: "Messages are missing in this place.",
      payload: notification(
        "$/gap",
        object({
          topic,
          reason: { enum: Object.keys(gapReasons) },
          missed: { type: ["integer", "null"] },
          after: { type: ["string", "null"] },
        }),
      ),
    },
    {
      method: "$/ended",
      senders: ["server"],
      summary: "The server ended the subscription.",
      payload: notification("$/ended", object({ topic, code: { type: "integer" }, message: text })),
    },
  ];
}

/** A message of a topic. Without `data` there is no message: only the position moves, and nothing is missing. */
export function eventOf(topic: JsonSchema, data: JsonSchema): JsonSchema {
  return notification("$/event", object({ topic, at: position, data }, ["data"]));
}

/** The members of a topic: the whole list, or who came and who left. */
export function presenceOf(topic: JsonSchema, as: JsonSchema): JsonSchema {
  const members: JsonSchema = { type: "array", items: object({ id: text, as }) };
  const left: JsonSchema = { type: "array", items: text };
  const list = object({ topic, members, truncated: { const: true } }, ["truncated"]);
  return notification("$/presence", {
    anyOf: [list, object({ topic, joined: members, left }, ["joined", "left"])],
  });
}

/** The handshake of a channel with the envelope, as AsyncAPI's binding for WebSockets describes it. */
export const handshake: JsonSchema = {
  method: "GET",
  headers: {
    type: "object",
    properties: {
      "Sec-WebSocket-Protocol": {
        type: "string",
        description: `${subprotocol}, which the server selects; a token may be offered beside it, as bearer.<token>. A client that offers none is served too, and gets no $/hello.`,
      },
    },
  },
  bindingVersion: "0.1.0",
};

/** The close codes with which a server or a proxy may end a channel, and those of the application that have a meaning. */
const closeCodes = [
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 3000, 3003, 3008,
  4400, 4401, 4403, 4404, 4408, 4425, 4429, 4500, 4503,
];

export const closeCodeEntries: readonly CloseCodeEntry[] = closeCodes.map((code) => {
  const { kind, next } = closeVerdict(code);
  return { code, kind, client: next };
});

export const errorCodes: Readonly<Record<string, number>> = errorCode;
