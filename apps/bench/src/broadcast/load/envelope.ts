/**
 * A message as a channel's topic delivers it: as @ws/service writes it, but for the position, which has one length here, so that a
 * load knows every frame by its number alone.
 */
export function enveloped(json: string): string {
  return `{"jsonrpc":"2.0","method":"$/event","params":{"topic":"room","at":"k3j9xq2a.1000000","data":${json}}}`;
}
