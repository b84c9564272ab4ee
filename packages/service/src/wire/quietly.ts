function ignore(): void {}

/** For what nobody waits for: that the connection has ended is learned elsewhere. */
export function quietly(sending: Promise<void>): Promise<void> {
  return sending.catch(ignore);
}
