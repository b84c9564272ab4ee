/** The exit codes of the command. */
export const exitCodes = { asAsked: 0, forced: 1, usage: 2, startup: 3 } as const;
