import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { ServeOptions } from "@ws/server";
import type { Settings } from "../options/settings.js";

type TlsOptions = NonNullable<ServeOptions["tls"]>;

/**
 * The TLS options of the server, read from the files that the settings name; `undefined` without TLS.
 *
 * @throws Node's own error for a file that cannot be read, that contains no key, or whose key belongs to another
 *   certificate.
 */
export function readCertificate(
  { tlsCert, tlsKey }: Pick<Settings, "tlsCert" | "tlsKey">,
  given: TlsOptions | undefined,
): TlsOptions | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return given;
  const files = { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
  // Otherwise Node would find an invalid certificate only with the first client.
  createSecureContext(files);
  return { ...given, ...files };
}
