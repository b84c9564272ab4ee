import { type HeaderList, hostCheck } from "@ws/events";
import type { ConnectionOptions } from "../../options/options.js";
import { addressOf, type Endpoints, type Peer, peerOf } from "../../proxies/peer.js";
import { TrustedProxies } from "../../proxies/proxy.js";
import { detailsOf, hostHint } from "./proxy-hint.js";
import type { ReceivedRequest } from "./received-request.js";
import { Rejection } from "./rejection.js";
import { type RequestHead, readHead } from "./request-head.js";

/** A request whose head and host have been checked and may come in. */
export interface Admitted {
  readonly head: RequestHead;
  readonly peer: Peer;
}

/** The header lines, with the host that a proxy says the client asked for. */
function withHost(headers: HeaderList, host: string | undefined): HeaderList {
  if (host === undefined) return headers;
  return headers.map((header) => (header[0] === "host" ? (["host", host] as const) : header));
}

/** The checks that handshakes and ordinary requests have in common. */
export class Admission {
  readonly #options: ConnectionOptions;
  readonly #proxies: TrustedProxies;
  readonly #isAllowedHost: ReturnType<typeof hostCheck>;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#proxies = new TrustedProxies(options.trustedProxies, options.proxyHeaders);
    this.#isAllowedHost = hostCheck(options.allowedHosts);
  }

  /** Reads the head, and what trusted proxies say about the client. */
  read(request: ReceivedRequest): Admitted | Rejection {
    const socket: Endpoints = request.socket;
    const connected = peerOf(socket);
    this.#proxies.strip(connected, request);
    const head = readHead(request, this.#options);
    if (head instanceof Rejection) return head;
    const peer = this.#proxies.read(connected, head.headers);
    const headers = withHost(head.headers, peer.host);
    const scheme = peer.isSecure === true ? "https" : "http";
    if (this.#isAllowedHost(headers, scheme)) {
      return { head: headers === head.headers ? head : { ...head, headers }, peer };
    }
    const refused = { headers, peer, server: addressOf(socket.localAddress, socket.localPort) };
    const hint = hostHint(refused, (host) => this.#isAllowedHost([["host", host]], scheme));
    return new Rejection(421, "host not allowed", [], detailsOf(headers, hint));
  }
}
