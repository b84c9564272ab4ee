import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { ServeOptions } from "@ws/server";
import type { Settings } from "../options/settings.js";

type TlsOptions = NonNullable<ServeOptions["tls"]>;

/**
 * What the server needs for TLS, read from the files that the settings name; `undefined` without TLS.
 *
 * @throws Node's own error for a file that can't be read, or that holds no key, or another certificate's.
 */
export function readCertificate(
  { tlsCert, tlsKey }: Pick<Settings, "tlsCert" | "tlsKey">,
  given: TlsOptions | undefined,
): TlsOptions | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return given;
  const files = { cert: readFileSync(tlsCert), key: readFileSync(tlsKey) };
  // Node would find a broken one with the first client.
  createSecureContext(files);
  return { ...given, ...files };
}
