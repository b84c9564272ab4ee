import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { dial } from "../raw.fixture.js";
import { FakeClock } from "../session/timing/clock.fixture.js";
import { connectionKey, TcpTable } from "./tcp-table.js";

const header =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

/** A line of the kernel's table, as Linux 6 writes it. */
function line(key: string, timer: string, retransmitted: number, probed: number): string {
  const tries = retransmitted.toString(16).toUpperCase().padStart(8, "0");
  return ` 399: ${key} 01 0000000C:00000000 ${timer}:0000000E ${tries}     0 ${String(probed).padStart(8)} 351719 2 00000000e57996dc 27 4 30 10 -1\n`;
}

const ends = { localAddress: "10.77.0.1", localPort: 7_777, remoteAddress: "10.77.0.2", remotePort: 42_806 };
const key = "01004D0A:1E61 02004D0A:A736";

describe("the kernel's name of a connection", () => {
  test.each([
    ["127.0.0.1", "0100007F"],
    ["::1", "00000000000000000000000001000000"],
    ["::", "00000000000000000000000000000000"],
    ["::ffff:127.0.0.1", "0000000000000000FFFF00000100007F"],
    ["fe80::1234:5678%eth0", "000080FE000000000000000078563412"],
    ["2001:db8:1:2:3:4:5:6", "B80D0120020001000400030006000500"],
    ["2001:db8::", "B80D0120000000000000000000000000"],
  ])("has the address %s as %s", (address, expected) => {
    const named = connectionKey({
      localAddress: address,
      localPort: 80,
      remoteAddress: "1.2.3.4",
      remotePort: 65_535,
    });
    expect(named).toBe(`${expected}:0050 04030201:FFFF`);
  });

  test("is none where there is no such connection", () => {
    expect(connectionKey({})).toBeUndefined();
    expect(connectionKey({ localAddress: "1.2.3.4", localPort: 80 })).toBeUndefined();
  });

  test("stands in the table of this machine, where it has one", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const socket = await dial((server.address() as AddressInfo).port);
    const table = await readFile("/proc/net/tcp", "latin1").catch(() => undefined);
    expect(table === undefined || table.includes(String(connectionKey(socket)))).toBe(true);
    socket.destroy();
    server.close();
  });
});

describe("a table", () => {
  const read = vi.fn<(path: string) => Promise<string>>();
  let clock: FakeClock;

  /** What the kernel shows from now on. */
  function show(tcp: string, tcp6 = ""): void {
    read.mockImplementation(async (path) => header + (path.endsWith("6") ? tcp6 : tcp));
  }

  beforeEach(() => {
    read.mockReset();
    clock = new FakeClock();
  });

  test("counts what was sent again, and how often a closed window was asked for", async () => {
    expect(connectionKey(ends)).toBe(key);
    const other = "0000000000000000FFFF00000100007F:1E61 0000000000000000FFFF00000100007F:A736";
    show(line("0100007F:0001 0100007F:0002", "01", 1, 0) + line(key, "01", 26, 0), line(other, "04", 0, 3));
    const table = new TcpTable(clock, read);
    expect(await Promise.all([table.tries(key), table.tries(other)])).toEqual([26, 3]);
    expect(read).toHaveBeenCalledTimes(2);
  });

  test("says nothing of one that has its answers, or is not there", async () => {
    show(line(key, "01", 0, 0) + line("0100007F:0001 0100007F:0002", "02", 0, 9));
    const table = new TcpTable(clock, read);
    expect([await table.tries(key), await table.tries("0100007F:0001 0100007F:0002")]).toEqual([0, 0]);
    expect(await table.tries("elsewhere")).toBe(0);
  });

  test("is read again after a second, and not before", async () => {
    const table = new TcpTable(clock, read);
    show(line(key, "01", 1, 0));
    expect(await table.tries(key)).toBe(1);
    show(line(key, "01", 2, 0));
    clock.advance(1_000);
    expect(await table.tries(key)).toBe(1);
    clock.advance(1);
    expect(await table.tries(key)).toBe(2);
  });

  test("is this machine's own by default", async () => {
    expect(await new TcpTable(clock).tries(key)).toBe(0);
  });

  test("knows nothing where the system has none", async () => {
    read.mockRejectedValue(new Error("ENOENT"));
    expect(await new TcpTable(clock, read).tries(key)).toBe(0);
  });
});
