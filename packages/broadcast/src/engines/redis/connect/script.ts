import { createHash } from "node:crypto";
import { keyWindow } from "../../../engine/recent-keys.js";

/** A program that Redis runs in one step: nobody can read or write in between. */
export interface Script {
  readonly text: string;
  /** The hash by which Redis knows the script once it has seen its text. */
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

/**
 * Whether the run in which a head was written is one of those that are up. Without any known run, the head is taken as it
 * is.
 */
const judgeRun = `local run = string.match(runs, '^%w*')
local is_known = runs == '' or head[3] and head[3] ~= '' and string.find(runs, head[3], 1, true)
if runs == '' then run = head[3] or '' end
`;

/** The lines that both publishing scripts share, up to their answer. `verb` is `PUBLISH`, or `SPUBLISH` in a cluster. */
const publish = (verb: string): string => `
local channel, runs, fresh, keep, size, ttl = unpack(ARGV, 1, 6)
local head = redis.call('HMGET', KEYS[1], 'epoch', 'sequence', 'run')
local epoch, last, count = head[1], tonumber(head[2]), #ARGV - 6
${judgeRun}local is_new = not epoch or not last or not is_known
if is_new then epoch, last = fresh, 0 end
-- The first write: a server that is full refuses this one, or none.
redis.call('HSET', KEYS[1], 'epoch', epoch, 'sequence', last + count, 'run', run)
if is_new then redis.call('DEL', KEYS[2]) end
redis.call('PEXPIRE', KEYS[1], keep)
if size ~= '0' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  for i = math.max(1, count - size + 1), count do
    local id = string.format('%d-0', last + i)
    redis.call('XADD', KEYS[2], 'MAXLEN', size, id, 'payload', ARGV[6 + i], 'time', now)
  end
  redis.call('PEXPIRE', KEYS[2], ttl)
end
local first = string.format('%d', last + 1)
redis.call('${verb}', channel, '1 ' .. epoch .. ' ' .. first .. '\\30' .. table.concat(ARGV, '\\30', 7))
`;

/**
 * Publishes messages that follow one another. The hash with the last sequence expires, so that an idle topic takes no
 * memory. After that, and on a Redis that was restarted (another run), the topic begins a new epoch, because messages may
 * have been lost. It answers with the epoch and the first sequence.
 *
 * KEYS: head, log. ARGV: channel, runs that are up, the server's own first ("": not known, the head is taken as it is),
 * epoch to begin, ms to keep the head, size (0: no history), ttl, payload …
 */
const publishScript = (verb: string): Script =>
  script(`${publish(verb)}return { epoch, last + 1 }
`);

/**
 * Publishes one message as `publishScript` does, unless one with the same idempotency key was published; then it answers
 * with the position of that one.
 *
 * KEYS: head, log, key. ARGV: as for `publishScript`.
 */
const publishOnceScript = (verb: string): Script =>
  script(`
local known = redis.call('GET', KEYS[3])
if known then
  local at = string.find(known, ' ')
  return { string.sub(known, 1, at - 1), tonumber(string.sub(known, at + 1)) }
end
${publish(verb)}redis.call('SET', KEYS[3], epoch .. ' ' .. first, 'PX', ${keyWindow})
return { epoch, last + 1 }
`);

/**
 * Gives a topic an epoch where it has none, so that a subscriber has a position even before anything was published. It
 * answers with the position of the topic.
 *
 * KEYS: head, log. ARGV: runs that are up, epoch to begin, ms to keep the head.
 */
const beginScript: Script = script(`
local runs, fresh, keep = unpack(ARGV)
local head = redis.call('HMGET', KEYS[1], 'epoch', 'sequence', 'run')
local epoch, last = head[1], tonumber(head[2])
${judgeRun}if epoch and last and is_known then return { epoch, last } end
redis.call('HSET', KEYS[1], 'epoch', fresh, 'sequence', 0, 'run', run)
redis.call('DEL', KEYS[2])
redis.call('PEXPIRE', KEYS[1], keep)
return { fresh, 0 }
`);

/**
 * Reads all payloads after a sequence. It answers nil where the epoch is another one, or where one of the payloads is not
 * kept any more or has been kept for longer than its time.
 *
 * KEYS: head, log. ARGV: epoch, sequence, ttl, runs that are up ("": not known).
 */
const pastScript: Script = script(`
local head = redis.call('HMGET', KEYS[1], 'epoch', 'sequence', 'run')
local after, last = tonumber(ARGV[2]), tonumber(head[2])
if head[1] ~= ARGV[1] or last < after then return nil end
local runs = ARGV[4]
${judgeRun}if not is_known then return nil end
local time = redis.call('TIME')
local oldest = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[3]
local entries = redis.call('XRANGE', KEYS[2], string.format('%d-0', after + 1), '+')
if #entries ~= last - after then return nil end
local payloads = {}
for i, entry in ipairs(entries) do
  if tonumber(entry[2][4]) < oldest then return nil end
  payloads[i] = entry[2][2]
end
return payloads
`);

/** The scripts for one kind of channels. */
export interface Scripts {
  readonly publish: Script;
  readonly publishOnce: Script;
  readonly begin: Script;
  readonly past: Script;
}

function scriptsWith(verb: string): Scripts {
  return {
    publish: publishScript(verb),
    publishOnce: publishOnceScript(verb),
    begin: beginScript,
    past: pastScript,
  };
}

/** For the channels of one server, which all of its clients receive. */
export const plainScripts: Scripts = scriptsWith("PUBLISH");

/** For the channels of a cluster, each of which belongs to the node of its slot. */
export const shardedScripts: Scripts = scriptsWith("SPUBLISH");
