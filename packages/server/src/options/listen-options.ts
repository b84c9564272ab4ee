import type { ServerOptions as TlsOptions } from "node:https";

/** Where to listen, and how long a socket may take for one request after the other. */
export interface ListenOptions {
  /**
   * The address or host name to listen on. `"0.0.0.0"` and `"::"` are every address of the machine. `"127.0.0.1"` by
   * default.
   */
  readonly host: string;
  /** The port; 0 lets the system choose. By default 8000. */
  readonly port: number;
  /** The path of a unix socket, in place of host and port. None by default. */
  readonly path?: string | undefined;
  /**
   * A listening socket that the process has inherited, by its descriptor, in place of host and port: 3 from systemd. None by
   * default.
   */
  readonly fd?: number | undefined;
  /**
   * Whether to listen at all. A server that does not listen serves the sockets that it is given by `accept`, such as those
   * that another process has accepted. On by default.
   */
  readonly listen: boolean;
  /**
   * How many connections may wait in the kernel to be accepted. The system may bound it further (`somaxconn`). 511 by
   * default.
   */
  readonly backlog: number;
  /**
   * How long a request's head may take to come, from the connection's first moment on. Then: 408. It holds for agreeing on
   * TLS too, and is looked at once a second at least. In ms; 10 s by default.
   */
  readonly headersTimeout: number;
  /**
   * How long a whole request may take to come, with its body; 0 is for ever. Then: 408. Where the answer has begun, it is
   * cut off. In ms; 300 s by default.
   */
  readonly requestTimeout: number;
  /**
   * How long a socket may be idle between two requests. Then: it is closed. Make it longer than that of a proxy in front. In
   * ms; 5 s by default.
   */
  readonly keepAliveTimeout: number;
  /**
   * The most open sockets of a process, whatever they do. Above: the one that has been idle longest makes room. Where none
   * is idle, a new one is closed at once, and the log says so once a minute. By default the descriptors of the process
   * (`ulimit -n`), less a tenth: 64 at least, 1,024 at most.
   */
  readonly maxSockets?: number | undefined;
  /**
   * Whether each connection begins with a PROXY protocol header, version 1 or 2, which names its client. It is taken from
   * `trustedProxies` alone. A connection is cut off whose header is missing, malformed, above 16 KiB, or late
   * (`headersTimeout`). Off by default.
   */
  readonly proxyProtocol: boolean;
  /**
   * Whether opening handshakes are read in front of Node's HTTP parser, at less cost. Those that come whole, as the first of
   * their connection, and leave no room for doubt; all else is Node's to read. Never with `tls` or `proxyProtocol`. On by
   * default.
   */
  readonly directHandshakes: boolean;
  /** Node's TLS options (`key`, `cert` …): the server then speaks https and wss. None by default. */
  readonly tls?: TlsOptions | undefined;
}
