import { BrandedError } from "@ws/events";

/** The server's answer in place of 101. */
export interface RejectedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** The handshake was refused. If the application threw an error, that is its `cause`. */
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
