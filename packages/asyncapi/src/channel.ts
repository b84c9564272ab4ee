import { type Channel, isBytes, type RequestSpec, type Schema, type TopicSpec } from "@ws/contract";
import { topicName } from "./address.js";
import type { JsonSchema, Message, Operation } from "./document.js";
import { errorReply, notification, reply, request } from "./envelope.js";
import type { Sender } from "./json-schema.js";
import { Keys } from "./keys.js";
import { eventOf, lifeMethods, type ProtocolMethod, presenceOf, topicMethods } from "./protocol.js";

const json = "application/json";
const binary = "application/octet-stream";

/** Adds a schema of the contract to the document, and returns the reference to it. */
export type Place = (schema: Schema, part: string, sender: Sender) => JsonSchema;

/** Adds an operation to the document, under a key that is made of these names. */
export type AddOperation = (names: readonly string[], operation: Operation) => void;

/** The name of an exchange, who begins it, and its messages. */
interface Exchange {
  readonly name: string;
  readonly sender: Sender;
  readonly title: string;
  readonly messages: Readonly<Record<string, Message>>;
  readonly replies?: Readonly<Record<string, Message>>;
}

/** Collects the messages and operations of one channel. */
export class ChannelWriter {
  readonly messages: Record<string, Message> = {};
  readonly #keys = new Keys();
  readonly #pointer: string;
  readonly #add: AddOperation;
  readonly #place: Place;

  /** `pointer` is the place of the channel in the document. */
  constructor(pointer: string, place: Place, add: AddOperation) {
    this.#pointer = pointer;
    this.#place = place;
    this.#add = add;
  }

  /** Adds every message of a channel's contract. It returns whether they are sent in the envelope. */
  write({ pattern, spec }: Channel): boolean {
    const isPlain = [spec.toServer, spec.toClient].some((part) => part !== undefined && isSchema(part));
    if (isPlain) this.#writePlain(pattern, spec);
    else this.#writeEnveloped(spec);
    return !isPlain;
  }

  #writePlain(pattern: string, spec: Channel["spec"]): void {
    const other = (["requests", "clientRequests", "topics"] as const).find((key) => spec[key] !== undefined);
    const { toServer, toClient } = spec;
    if (other !== undefined || [toServer, toClient].some((part) => part !== undefined && !isSchema(part))) {
      throw new TypeError(
        `asyncapi: ${JSON.stringify(pattern.slice(0, 128))}: expected one schema for all messages alone, got ${
          other ?? "messages by name"
        } beside it. Likely mistake: toServer and toClient each take a record of schemas by name.`,
      );
    }
    for (const [part, sender] of [
      ["toServer", "client"],
      ["toClient", "server"],
    ] as const) {
      const schema = spec[part] as Schema | undefined;
      if (schema === undefined) continue;
      const content = isBytes(schema)
        ? { contentType: binary, payload: { type: "string", format: "binary" } }
        : { contentType: json, payload: this.#place(schema, part, sender) };
      this.#write({
        name: part,
        sender,
        title: sender === "client" ? "Messages of the client" : "Messages of the server",
        messages: { [part]: { name: part, ...content } },
      });
    }
  }

  #writeEnveloped(spec: Channel["spec"]): void {
    for (const [part, sender] of [
      ["toServer", "client"],
      ["toClient", "server"],
    ] as const) {
      const schemas = (spec[part] ?? {}) as Readonly<Record<string, Schema>>;
      for (const [name, schema] of Object.entries(schemas)) this.#writeMessage(part, name, schema, sender);
    }
    for (const [part, sender] of [
      ["requests", "client"],
      ["clientRequests", "server"],
    ] as const) {
      for (const [name, entry] of Object.entries(spec[part] ?? {}))
        this.#writeRequest(part, name, entry, sender);
    }
    const topics = Object.entries(spec.topics ?? {});
    for (const [pattern, topic] of topics) this.#writeTopic(pattern, topic);
    const names = topics.map(([pattern]) => topicName(pattern));
    const ofTopics =
      names.length === 0 ? [] : topicMethods(names.length === 1 ? { ...names[0] } : { anyOf: names });
    for (const method of [...ofTopics, ...lifeMethods]) this.#writeMethod(method);
  }

  #writeMessage(part: string, name: string, schema: Schema, sender: Sender): void {
    const message: Message = isBytes(schema)
      ? {
          name,
          summary: `A binary frame: [length of the name: 1 byte]["${name}" in ASCII][payload].`,
          contentType: binary,
          payload: { type: "string", format: "binary" },
        }
      : {
          name,
          contentType: json,
          payload: notification(name, this.#place(schema, `${part}.${name}`, sender)),
        };
    this.#write({ name, sender, title: `The message ${name}`, messages: { [name]: message } });
  }

  #writeRequest(part: string, name: string, spec: RequestSpec, sender: Sender): void {
    const answers: Sender = sender === "client" ? "server" : "client";
    const { input, output, errors = {}, idempotent = false } = spec;
    const path = `${part}.${name}`;
    const placed = Object.entries(errors).map(([error, schema]) => [
      error,
      this.#place(schema, `${path}.errors.${error}`, answers),
    ]);
    const asked = request(name, input && this.#place(input, `${path}.input`, sender));
    const answered = reply(output && this.#place(output, `${path}.output`, answers));
    const summary = idempotent
      ? "May run twice: a client sends it again when a connection was lost."
      : undefined;
    this.#write({
      name,
      sender,
      title: `The request ${name}`,
      messages: {
        [name]: { name, ...(summary !== undefined && { summary }), contentType: json, payload: asked },
      },
      replies: {
        [`${name}.reply`]: { name: `${name}: reply`, contentType: json, payload: answered },
        [`${name}.error`]: {
          name: `${name}: error`,
          contentType: json,
          payload: errorReply(Object.fromEntries(placed)),
        },
      },
    });
  }

  #writeTopic(pattern: string, topic: Schema | TopicSpec): void {
    const { message, presence }: TopicSpec = isSchema(topic) ? { message: topic } : topic;
    const name = topicName(pattern);
    const path = `topics.${pattern}`;
    const summary = `Comes to subscribers of ${pattern}. Without \`data\` it is no message: the position moves.`;
    const event = eventOf(name, this.#place(message, path, "server"));
    this.#write({
      name: `event.${pattern}`,
      sender: "server",
      title: `A message of the topic ${pattern}`,
      messages: {
        [`event.${pattern}`]: { name: "$/event", title: pattern, summary, contentType: json, payload: event },
      },
    });
    if (presence === undefined) return;
    const payload = presenceOf(name, this.#place(presence, `${path}.presence`, "server"));
    this.#write({
      name: `presence.${pattern}`,
      sender: "server",
      title: `Who is in the topic ${pattern}`,
      messages: {
        [`presence.${pattern}`]: { name: "$/presence", title: pattern, contentType: json, payload },
      },
    });
  }

  #writeMethod({ method, senders, summary, payload, reply: answer }: ProtocolMethod): void {
    const message: Message = { name: method, summary, contentType: json, payload };
    for (const sender of senders) {
      this.#write({
        name: `${method}.${sender}`,
        sender,
        title: senders.length === 1 ? method : `${method} of the ${sender}`,
        messages: { [`${method}.${sender}`]: message },
        ...(answer && {
          replies: {
            [`${method}.${sender}.reply`]: { name: `${method}: reply`, contentType: json, payload: answer },
            [`${method}.${sender}.error`]: {
              name: `${method}: error`,
              contentType: json,
              payload: errorReply(),
            },
          },
        }),
      });
    }
  }

  #write({ name, sender, title, messages, replies }: Exchange): void {
    const channel = { $ref: this.#pointer };
    this.#add([sender === "client" ? "receive" : "send", ...name.split(".")], {
      action: sender === "client" ? "receive" : "send",
      channel,
      title,
      messages: this.#keep(messages),
      ...(replies && { reply: { channel, messages: this.#keep(replies) } }),
    });
  }

  #keep(messages: Readonly<Record<string, Message>>): { readonly $ref: string }[] {
    return Object.entries(messages).map(([name, message]) => {
      const key = this.#keys.take(...name.split("."));
      this.messages[key] = message;
      return { $ref: `${this.#pointer}/messages/${key}` };
    });
  }
}

function isSchema(value: object): value is Schema {
  return "~standard" in value;
}
