import { BrandedError } from "@ws/events";

/** What the server answered instead of 101. */
export interface RejectedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The handshake was refused. Its `cause` is what the application threw, if it threw. */
export class HandshakeRejected extends BrandedError implements RejectedResponse {
  static override readonly kind: string = "@ws/testing.HandshakeRejected";
  override readonly name: string = "HandshakeRejected";
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;

  constructor({ status, headers, body }: RejectedResponse, options?: ErrorOptions) {
    super(`the handshake was refused with ${status}`, options);
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  /** The body as text. */
  get text(): string {
    return new TextDecoder().decode(this.body);
  }
}
