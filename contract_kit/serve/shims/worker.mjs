// Calls a JavaScript client for `contract-kit test`. This file needs only Node.js 20 or newer on Linux or macOS, and
// can be copied to wherever the client runs:
//
//     contract-kit test DOC --worker "node worker.mjs adapter.mjs"
//
// The adapter exports `call(request)`, which can return a promise, and `refuses(error)`, which returns true if an error
// from the client means that the client refused the response. The client gets an empty stdin, and everything that it
// prints goes to stderr, because the kit uses the real stdin and stdout. The kit compares what `call` returns, as a JSON
// tree (see `tree`).
import crypto from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const MOST_BYTES = 500_000;
const MOST_ITEMS = 10_000;
const MOST_LEVELS = 100;

/** A result can't be compared with another result. The message explains why. */
class NotComparableError extends Error {}

const requests = moved(0, "/dev/null", "r");
const replies = moved(1, "/dev/fd/2", "a");
let crash = (error) => end({ unusable: `Can't load the adapter (${described(error)})` });
process.on("uncaughtException", (error) => crash(error)); // unhandled rejections, too

const { call, refuses, NotGeneratedError } = await loaded(process.argv[2]);
tell({ ready: true });
// Not a file stream, because reading from one would block a thread, and process.exit waits for that thread.
for await (const line of readline.createInterface({ input: new net.Socket({ fd: requests }) })) {
  const request = JSON.parse(line);
  tell({ id: request.id, ...(await outcome(request)) });
}

async function loaded(name) {
  if (!name) end({ usage: "Pass the adapter, as in: node worker.mjs adapter.mjs" });
  const file = path.resolve(name);
  if (!fs.existsSync(file)) end({ usage: `There is no adapter ${name}.` });
  const adapter = await import(pathToFileURL(file)).catch((error) =>
    nameOf(error) === "UsageError" ? end({ usage: error.message }) : crash(error),
  );
  const { call, refuses = () => false, NotGeneratedError = class {} } = adapter;
  if (typeof call !== "function") end({ usage: `${name} doesn't export a function \`call\`.` });
  if (typeof refuses !== "function") end({ usage: `\`refuses\` in ${name} is not a function.` });
  return { call, refuses, NotGeneratedError };
}

/** Call the client once. An error that callers can't catch is a crash, however the call ends. */
function outcome(request) {
  const crashed = new Promise((resolve) => {
    crash = (error) => resolve({ outcome: "crashed", detail: described(error) });
  });
  return Promise.race([crashed, called(request).catch((error) => ({ outcome: "crashed", detail: described(error) }))]);
}

async function called(request) {
  let result = { outcome: "accepted" };
  let when = "";
  try {
    const value = await call(request);
    when = "reading the result threw ";
    Object.assign(result, await returned(value));
  } catch (error) {
    if (error instanceof NotGeneratedError) result = { outcome: "inconclusive", detail: error.message };
    else result = { outcome: refuses(error) ? "refused" : "crashed", detail: when + described(error) };
  }
  await new Promise(setImmediate); // by then, Node.js has reported unhandled rejections
  return result;
}

/** Return a field for the reply: the client's result, or why the result can't be compared. */
async function returned(value) {
  try {
    if (isHttp(value)) {
      const name = nameOf(value);
      throw new NotComparableError(`the result is an HTTP response (${name}); return what the client's users get`);
    }
    return { result: tree(await settled(value)) };
  } catch (error) {
    if (error instanceof NotComparableError) return { not_comparable: error.message };
    throw error;
  }
}

/** Return an asynchronous iterator's items as an array; return anything else unchanged. */
async function settled(value) {
  if (typeof value?.[Symbol.asyncIterator] !== "function") return value;
  const items = [];
  for await (const item of value) {
    if (items.length === MOST_ITEMS) throw tooMany();
    items.push(item);
  }
  return items;
}

/**
 * Return a value as a JSON tree, as described in docs/contract-kit-programs.md; undefined if the value is absent.
 * Throws a NotComparableError, or whatever an iterator or a getter throws, because the client's caller would get it, too.
 */
function tree(value) {
  const parents = new Set();
  let size = 0;
  const text = read(value);
  counted("", Buffer.byteLength(text ?? "") - size);
  return text;

  function counted(text, more = text.length) {
    size += more;
    if (size > MOST_BYTES) throw new NotComparableError("the result has over 500,000 bytes as JSON");
    return text;
  }

  function tagged(key, text) {
    return counted(`{"$${key}":${JSON.stringify(text)}}`);
  }

  function read(value) {
    if (typeof value === "string") return JSON.stringify(counted(value));
    if (typeof value === "bigint") return tagged("integer", String(value));
    if (typeof value === "number" && !Number.isFinite(value)) return tagged("number", String(value));
    if (value === null || ["number", "boolean"].includes(typeof value)) return counted(JSON.stringify(value));
    if (typeof value !== "object" || isHttp(value)) return undefined;
    if (parents.has(value)) throw new NotComparableError("the result contains itself");
    if (parents.size === MOST_LEVELS) throw new NotComparableError("the result is nested more than 100 levels deep");
    parents.add(value);
    const text = counted(object(value), 2);
    parents.delete(value);
    return text;
  }

  function object(value) {
    if (Array.isArray(value) || value instanceof Set) return list(value);
    if (value instanceof Map) return members(value);
    if (value instanceof String || value instanceof Number || value instanceof Boolean) return read(value.valueOf());
    if (value instanceof ArrayBuffer) value = new Uint8Array(value);
    if (ArrayBuffer.isView(value)) return tagged("bytes", crypto.createHash("sha256").update(value).digest("hex"));
    if (typeof value.next === "function" && Symbol.iterator in value) return list(items(value));
    if (typeof value.then === "function" || Symbol.asyncIterator in value)
      throw new NotComparableError(`the result contains a ${nameOf(value)} that must be awaited`);
    const iso = value.toISOString ?? value.toISO; // of Date, Day.js, Moment.js and Luxon
    if (typeof iso === "function") return tagged("date-time", isoText(iso.bind(value)));
    if (/^(Decimal|BigNumber|Big)$/.test(nameOf(value))) return tagged("decimal", String(value));
    const keys = Object.keys(value);
    const found = members(keys.map((key) => [key, value[key]]));
    if (Symbol.iterator in value) {
      const inner = list(items(value));
      return found === "{}" ? inner : `${found.slice(0, -1)},"$items":${inner}}`;
    }
    if (keys.length || isPlain(value)) return found;
    if (value.toString !== Object.prototype.toString) return read(String(value)); // a URL, for example
    const shown = getters(value);
    return shown.length ? members(shown.map((key) => [key, value[key]])) : tagged("object", nameOf(value));
  }

  function members(pairs) {
    const found = [];
    for (const [key, each] of pairs) {
      const text = read(each);
      const name = String(key);
      if (text !== undefined)
        found.push(`${JSON.stringify(counted(name.startsWith("$") ? `$${name}` : name, name.length + 4))}:${text}`);
    }
    return `{${found.join()}}`;
  }

  function list(items) {
    const found = [];
    for (const each of items) found.push(read(each) ?? counted('{"$absent":true}'));
    return `[${found.join()}]`;
  }
}

/** Yield an iterable's items, but not endlessly. */
function* items(value) {
  let number = 0;
  for (const item of value) {
    if (number++ === MOST_ITEMS) throw tooMany();
    yield item;
  }
}

function tooMany() {
  return new NotComparableError("an iterator in the result has over 10,000 items");
}

/** Return a date as text. For an invalid date, Date and Day.js throw an error; Moment.js and Luxon return null. */
function isoText(iso) {
  try {
    return iso() ?? "Invalid Date";
  } catch {
    return "Invalid Date";
  }
}

function nameOf(value) {
  return value?.constructor?.name || Object.prototype.toString.call(value).slice(8, -1);
}

function isPlain(value) {
  return [null, Object.prototype].includes(Object.getPrototypeOf(value));
}

/** Return the names of the public getters in an object's class. */
function getters(value) {
  const prototype = Object.getPrototypeOf(value);
  const own = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(([, { get }]) => get);
  return own.map(([name]) => name).concat(isPlain(prototype) ? [] : getters(prototype));
}

/** Return whether a value is a response, a request or headers from fetch, node:http, axios or another library. */
function isHttp(value) {
  try {
    if (/^(Response|Request)$/.test(value?.constructor?.name)) return "headers" in value;
    if (/^(Headers|AxiosHeaders|IncomingMessage|ClientRequest)$/.test(value?.constructor?.name)) return true;
    return typeof value === "object" && ["status", "headers", "config", "request"].every((name) => name in value);
  } catch {
    return false;
  }
}

/** Describe an error and its cause, because a fetch error's message is only "fetch failed". */
function described(error) {
  const cause = error?.cause ? ` (${firstLine(error.cause)})` : "";
  return (firstLine(error) + cause).slice(0, 200);
}

function firstLine(error) {
  const text = error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error);
  return text.trim().split("\n")[0];
}

function tell({ result, ...fields }) {
  const text = JSON.stringify(fields);
  fs.writeSync(replies, result === undefined ? `${text}\n` : `${text.slice(0, -1)},"result":${result}}\n`);
}

function end(what) {
  tell(what);
  process.exit(0);
}

/** Move a standard stream to a new descriptor, which is returned, and open another file in its place. */
function moved(number, other, mode) {
  const stream = fs.openSync(`/dev/fd/${number}`, mode);
  fs.closeSync(number);
  fs.openSync(other, mode); // gets the descriptor that was just closed, because it is the lowest free one
  return stream;
}
