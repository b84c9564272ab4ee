// @ts-check

/**
 * Milliseconds with as many decimals as are worth reading.
 *
 * @param {number} ms
 */
export function formatTrip(ms) {
  return ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0);
}

/**
 * A mark of a scale of round trips, short enough for the column beside the chart: from a second on in seconds.
 *
 * @param {number} ms
 */
export function formatScale(ms) {
  return ms < 1_000 ? `${ms} ms` : `${ms / 1_000} s`;
}

/** A span of time in its largest whole unit. @param {number} ms */
export function formatSpan(ms) {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** @param {number} bytes */
export function formatSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KiB`;
  return `${(bytes / (1024 * 1024)).toFixed(1)} MiB`;
}

/**
 * The time of day, of the viewer's own zone.
 *
 * @param {Date} date
 * @param {{ readonly ms: boolean }} options
 */
export function formatTime(date, { ms }) {
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return ms ? `${time}.${String(date.getMilliseconds()).padStart(3, "0")}` : time.slice(0, 5);
}

const previewBytes = 16;
const previewText = 200;

/**
 * The beginning of a message: a text as it is, bytes in hexadecimal.
 *
 * @param {string | Uint8Array} data
 */
export function preview(data) {
  if (typeof data === "string") return data.length > previewText ? `${data.slice(0, previewText)}…` : data;
  const bytes = [...data.subarray(0, previewBytes)];
  const text = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return data.byteLength > previewBytes ? `${text} …` : text;
}
