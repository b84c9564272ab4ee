import { createHash } from "node:crypto";

/** A program that Redis runs in one step: nobody can read or write in between. */
export interface Script {
  readonly text: string;
  /** What Redis knows it by, once it has seen the text. */
  readonly sha: string;
}

function script(text: string): Script {
  return { text, sha: createHash("sha1").update(text).digest("hex") };
}

/**
 * Publishes messages that follow one another. The hash that it takes the numbers from expires, so that an idle topic
 * costs nothing; after that, and on a Redis that was started anew (another run), the topic begins a new epoch, as
 * messages may have been lost. Answers with the epoch and the first sequence.
 *
 * KEYS: head, log. ARGV: channel, run, epoch to begin, ms to keep the head, size (0: no history), ttl, payload …
 */
export const publishScript: Script = script(`
local channel, run, fresh, keep, size, ttl = unpack(ARGV, 1, 6)
local head = redis.call('HMGET', KEYS[1], 'epoch', 'sequence')
local epoch, last, count = head[1], tonumber(head[2]), #ARGV - 6
local is_new = not epoch or not last or string.sub(epoch, 1, #run) ~= run
if is_new then epoch, last = fresh, 0 end
-- The first write: a server that is full refuses this one, or none.
redis.call('HSET', KEYS[1], 'epoch', epoch, 'sequence', last + count)
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
redis.call('PUBLISH', channel, '1 ' .. epoch .. ' ' .. first .. '\\30' .. table.concat(ARGV, '\\30', 7))
return { epoch, last + 1 }
`);

/**
 * Reads all payloads after a sequence, or answers nil: when the epoch is another one, or when one of them is not kept
 * any more, or has been for longer than its time.
 *
 * KEYS: head, log. ARGV: epoch, sequence, ttl.
 */
export const pastScript: Script = script(`
local head = redis.call('HMGET', KEYS[1], 'epoch', 'sequence')
local after, last = tonumber(ARGV[2]), tonumber(head[2])
if head[1] ~= ARGV[1] or last < after then return nil end
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
