// @ts-check

/**
 * The WebSocket address of a path on the host that the page came from: wss under https, else ws.
 *
 * @param {{ readonly protocol: string, readonly host: string }} location
 * @param {string} path
 */
export function webSocketAddress({ protocol, host }, path) {
  return `${protocol === "https:" ? "wss" : "ws"}://${host}${path}`;
}
