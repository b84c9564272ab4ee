// A peer that reads nothing costs at most sendBuffer, one turn's messages (here one), sixteen more, and the one that
// shows that nobody awaits them: docs/decisions/0006.
import { enter, mebibyte, report, Server } from "../harness.js";

const message = 65_536;
for (const path of ["/awaiting", "/forgetful"]) {
  const server = await Server.start({ sendTimeout: 3_000 });
  const socket = await enter(server.port, path);
  const { peak } = await server.until(({ open }) => open[path] === 0, 10_000);
  const bound = (mebibyte + 18 * message) / mebibyte;
  report(`held for a reader that stalls, ${path.slice(1)}`, peak / mebibyte, bound, "MiB");
  socket.destroy();
  server.process.disconnect();
}
process.exit();
