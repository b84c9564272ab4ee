import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** What a registry was sent for a package. */
interface Published {
  readonly name: string;
  readonly version: string;
  readonly access: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  /** The files of the tarball, without the folder that all are in. */
  readonly files: ReadonlyMap<string, string>;
}

/** As much of a registry as publishing needs: it has nothing at first, and then what was published. */
export interface Registry {
  readonly url: string;
  readonly published: readonly Published[];
  close(): void;
}

export async function startRegistry(): Promise<Registry> {
  const published: Published[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = (status: number, data: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(data));
    };
    const name = decodeURIComponent(String(request.url).slice(1));
    if (request.method === "PUT") {
      published.push(readPublication(body));
      return answer(201, { ok: true });
    }
    const found = published.find((each) => each.name === name);
    if (found === undefined) return answer(404, { error: "not_found" });
    const { version, manifest } = found;
    return answer(200, { name, "dist-tags": { latest: version }, versions: { [version]: manifest } });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    published,
    close: () => server.close(),
  };
}

/** The body of a publication: the manifest, and the tarball in base64. */
function readPublication(body: string): Published {
  const { name, access, versions, _attachments: attachments } = JSON.parse(body);
  const [[version, manifest]] = Object.entries<Record<string, unknown>>(versions) as [
    [string, Record<string, unknown>],
  ];
  const [{ data }] = Object.values<{ data: string }>(attachments) as [{ data: string }];
  return { name, version, access, manifest, files: untar(gunzipSync(Buffer.from(data, "base64"))) };
}

/** The regular files of an archive in the format `ustar`: a header of 512 bytes each, and the content in blocks of 512. */
function untar(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  const text = (from: number, length: number): string =>
    archive.toString("utf8", from, from + length).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const path = [text(at + 345, 155), text(at, 100)].filter((part) => part !== "").join("/");
    if (text(at + 156, 1) === "0")
      files.set(path.replace(/^package\//, ""), archive.toString("utf8", at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
