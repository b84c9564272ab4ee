import { randomBytes } from "node:crypto";
import { type Client, type ClientOptions, createClient, type State } from "@ws/client";
import type { chat } from "./contract.js";

/** Where somebody of that name connects to. Given the same seat he is the same. */
export function addressOf(
  name: string,
  room = "lobby",
  seat: string = randomBytes(16).toString("hex"),
): string {
  return `ws://test/chat/${room}/?${new URLSearchParams({ name, seat })}`;
}

/** Where sockets lead to the demo: a `TestServer`, or one that runs elsewhere. */
type Server = Required<Pick<ClientOptions, "WebSocket">>;

/** A client of the chat, as the page has one, and what it heard. */
export class Guest implements AsyncDisposable {
  readonly client: Client<typeof chat>;
  readonly heard: string[] = [];
  readonly said;

  constructor(server: Server, address: string, options: ClientOptions = {}) {
    this.client = createClient<typeof chat>(address, { WebSocket: server.WebSocket, ...options });
    this.said = this.client.subscribe("said", {
      presence: true,
      onMessage: ({ name, text }) => this.#hear(`${name}: ${text}`),
      onGap: ({ reason }) => this.#hear(reason),
    });
  }

  /** Joins the room; resolves when he hears what is said there. */
  static async joined(server: Server, name: string, room?: string, options?: ClientOptions): Promise<Guest> {
    const guest = new Guest(server, addressOf(name, room), options);
    try {
      await guest.client.request("join");
      await guest.said.joined;
      return guest;
    } catch (error) {
      guest.client.close();
      throw error;
    }
  }

  #waiting: (() => void)[] = [];

  #hear(line: string): void {
    this.heard.push(line);
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Resolves when he has heard that. */
  async hears(line: string): Promise<void> {
    while (!this.heard.includes(line)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when the client is in that phase. */
  until(phase: State["phase"]): Promise<State> {
    return new Promise((resolve) => {
      const stop = this.client.onState((state) => {
        if (state.phase !== phase) return;
        stop();
        resolve(state);
      });
    });
  }

  say(text: string): Promise<unknown> {
    return this.client.request("say", { text });
  }

  /** Who is here, as he knows it. */
  get names(): string[] {
    return [...this.said.members.values()].map(({ name }) => name).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
  }
}
