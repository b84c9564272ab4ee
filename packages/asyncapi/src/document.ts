/** A JSON Schema, draft 7, which AsyncAPI uses to describe payloads. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A JSON Pointer to another part of the document. */
export interface Reference {
  readonly $ref: string;
}

/** AsyncAPI 3.0, Info Object. */
export interface Info {
  readonly title: string;
  /** The version of the application, not of AsyncAPI. */
  readonly version: string;
  readonly description?: string | undefined;
}

/** AsyncAPI 3.0, Server Object: the fields that a WebSocket server needs. */
export interface DocumentServer {
  /** The host, such as `chat.example.com`, or with a port `localhost:8000`. */
  readonly host: string;
  readonly protocol: "ws" | "wss";
  /** The prefix of every address, such as `/api`. */
  readonly pathname?: string | undefined;
  readonly description?: string | undefined;
}

/** AsyncAPI 3.0, Message Object. */
export interface Message {
  readonly name: string;
  readonly title?: string;
  readonly summary?: string;
  readonly contentType: string;
  readonly payload: JsonSchema;
}

/** AsyncAPI 3.0, Parameter Object. */
export interface Parameter {
  readonly description: string;
}

/** What a client of a channel does after a close code: `closeVerdict` of `@ws/contract/wire`. */
export interface CloseCodeEntry {
  readonly code: number;
  readonly kind: string;
  readonly client: "retry" | "token" | "stop";
}

/** AsyncAPI 3.0, Channel Object. */
export interface DocumentChannel {
  readonly address: string;
  readonly title: string;
  readonly description: string;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly messages: Readonly<Record<string, Message>>;
  readonly bindings: { readonly ws: Readonly<Record<string, unknown>> };
  readonly "x-close-codes"?: readonly CloseCodeEntry[];
  readonly "x-error-codes"?: Readonly<Record<string, number>>;
}

/** AsyncAPI 3.0, Operation Object, from the server's point of view: it receives what clients send. */
export interface Operation {
  readonly action: "send" | "receive";
  readonly channel: Reference;
  readonly title: string;
  readonly messages: readonly Reference[];
  readonly reply?: { readonly channel: Reference; readonly messages: readonly Reference[] };
}

/** An AsyncAPI 3.0 document, as plain JSON. */
export interface AsyncApiDocument {
  readonly asyncapi: "3.0.0";
  readonly info: Info;
  readonly defaultContentType: "application/json";
  readonly servers?: Readonly<Record<string, DocumentServer>>;
  readonly channels: Readonly<Record<string, DocumentChannel>>;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}
