/** What was asked for can't be done, and nothing was written. The message says what was expected and what came. */
export class UsageError extends Error {}
