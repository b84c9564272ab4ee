/** What an application needs for as long as it serves. `State` is what the start-up gives. */
export interface LifespanOptions<State extends object> {
  /**
   * Called before the first connection, and waited for. The keys of the object that it gives are put into the state of
   * every later scope. An error that it throws is a failed start: nothing listens then, and `serve` rejects with its
   * message.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one of those that are meant
  startup?(): State | void | Promise<State | void>;
  /**
   * Called with what `startup` gave once all connections have ended, and waited for; also where the start failed after
   * `startup` was done. An error that it throws is logged by the server.
   */
  shutdown?(state: State): unknown;
}
