/** What an application needs as long as it serves. `State` is the type of the result of `startup`. */
export interface LifespanOptions<State extends object> {
  /**
   * Called before the first connection, and awaited. The keys of the object that it returns are added to the state of every
   * later scope. If it throws, the start fails: nothing listens, and `serve` rejects with its message.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one of those that are meant
  startup?(): State | void | Promise<State | void>;
  /**
   * Called with the result of `startup` after all connections have ended, and awaited; it is also called where the start
   * failed after `startup` had succeeded. An error that it throws is logged by the server.
   */
  shutdown?(state: State): unknown;
}
