/** A message of JSON-RPC as a text; what is `undefined` is left out. */
export function frameOf(fields: object): string {
  return JSON.stringify({ jsonrpc: "2.0", ...fields });
}
