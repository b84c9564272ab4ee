function ignore(): void {}

/** Ignores a rejection, for a send that nobody awaits: the end of the connection is noticed elsewhere. */
export function quietly(sending: Promise<void>): Promise<void> {
  return sending.catch(ignore);
}
