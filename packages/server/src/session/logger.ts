/** Where the server writes: a message and what belongs to it, as `console` takes them. */
export interface Logger {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** For who wants silence. */
export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
