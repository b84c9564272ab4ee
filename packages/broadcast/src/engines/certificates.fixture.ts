import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A certificate and its key, as files and as text. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of its own, and what it has signed: a server on 127.0.0.1, and a client called `ann`. */
export class Certificates implements AsyncDisposable {
  readonly #folder: string;
  readonly ca: Certificate;
  readonly server: Certificate;
  readonly client: Certificate;

  private constructor(
    folder: string,
    [ca, server, client]: readonly [Certificate, Certificate, Certificate],
  ) {
    this.#folder = folder;
    this.ca = ca;
    this.server = server;
    this.client = client;
  }

  static async make(): Promise<Certificates> {
    const folder = await mkdtemp(join(tmpdir(), "ws-certificates-"));
    const openssl = (...args: readonly string[]): Promise<unknown> => run("openssl", args, { cwd: folder });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    await openssl(
      "req",
      "-x509",
      ...key,
      "-keyout",
      "ca.key",
      "-out",
      "ca.crt",
      "-days",
      "2",
      "-subj",
      "/CN=ws-ca",
    );
    for (const name of ["server", "client"]) {
      const subject = name === "client" ? "/CN=ann" : "/CN=127.0.0.1";
      await openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", subject);
      await writeFile(
        join(folder, "names"),
        "subjectAltName=IP:127.0.0.1,DNS:localhost,email:ann@example.org\n",
      );
      const by = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"];
      await openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-out", `${name}.crt`);
    }
    const read = async (name: string): Promise<Certificate> => {
      const [certFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
      const [cert, secret] = await Promise.all([readFile(certFile, "utf8"), readFile(keyFile, "utf8")]);
      return { certFile, keyFile, cert, key: secret };
    };
    return new Certificates(folder, [await read("ca"), await read("server"), await read("client")]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
