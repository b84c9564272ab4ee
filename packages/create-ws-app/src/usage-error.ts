/** The request cannot be carried out, and nothing was written. The message says what was expected and what came. */
export class UsageError extends Error {}
