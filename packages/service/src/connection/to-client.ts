import type { Connection } from "@ws/connection";
import { isBytes } from "@ws/contract";
import { validateReceived, validateSent } from "@ws/contract/validation";
import { joinBinary } from "@ws/contract/wire";
import type { ClientCallOptions } from "../channel/context.js";
import type { Service } from "../channel/service.js";
import { ClientRequests } from "../requests/client-requests.js";
import { notificationFrame } from "../wire/write-frame.js";

/** Sends the messages and requests of the server to one client. */
export class ToClient {
  readonly pending: ClientRequests;
  readonly #service: Service;
  readonly #socket: Connection<unknown>;

  constructor(service: Service, socket: Connection<unknown>) {
    this.#service = service;
    this.#socket = socket;
    this.pending = new ClientRequests((text) => socket.sendText(text));
  }

  /** Sends a message; see `Context.send`. */
  readonly send = async (name: string, message: unknown): Promise<void> => {
    const { events } = this.#service;
    const schema = Object.hasOwn(events, name) ? events[name] : undefined;
    if (schema === undefined) throw new TypeError(`send: the channel has no message ${JSON.stringify(name)}`);
    const valid = validateSent(schema, message);
    const value = valid instanceof Promise ? await valid : valid;
    if (isBytes(schema)) await this.#socket.sendBytes(joinBinary(name, value as Uint8Array));
    else await this.#socket.sendText(notificationFrame(name, value));
  };

  /** Sends a request; see `Context.request`. */
  readonly request = async (
    name: string,
    input: unknown,
    options: ClientCallOptions = {},
  ): Promise<unknown> => {
    const { clientRequests, limits } = this.#service;
    const spec = Object.hasOwn(clientRequests, name) ? clientRequests[name] : undefined;
    if (spec === undefined)
      throw new TypeError(`request: the channel has no request ${JSON.stringify(name)} of the server`);
    const { timeout = limits.clientTimeout, signal } = options;
    const params =
      spec.input && (await validateSent(spec.input, input, "request: expected an input of the contract"));
    const result = await this.pending.request(name, params, { timeout, signal });
    return spec.output && (await validateReceived(spec.output, result));
  };
}
