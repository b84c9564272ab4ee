/** The levels of pino, from the most detailed one. */
export const levels = { debug: 20, info: 30, warn: 40, error: 50 } as const;
export type Level = keyof typeof levels;

/** The fields of a line of the log. */
export type Fields = Readonly<Record<string, unknown>>;
