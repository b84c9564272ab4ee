/** A message of JSON-RPC as text. Fields that are `undefined` are left out. */
export function frameOf(fields: object): string {
  return JSON.stringify({ jsonrpc: "2.0", ...fields });
}
