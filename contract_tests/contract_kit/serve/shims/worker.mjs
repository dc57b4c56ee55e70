// Calls a JavaScript client for `contract-kit test`. This file needs only Node.js 20 or newer on Linux or macOS, and
// can be copied to wherever the client runs:
//
//     contract-kit test DOC --worker "node worker.mjs adapter.mjs"
//
// The adapter exports `call(request)`, which may return a promise, and `refuses(error)`, which returns whether an
// error of the client means that the client refuses the response. The client gets an empty stdin, and everything that
// it prints goes to stderr, because the kit uses the real stdin and stdout.
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const requests = moved(0, "/dev/null", "r");
const replies = moved(1, "/dev/fd/2", "a");
let crash = (error) => end({ unusable: `Can't load the adapter: ${described(error)}` });
process.on("uncaughtException", (error) => crash(error)); // rejections that nobody handles, too

const { call, refuses } = await loaded(process.argv[2]);
tell({ ready: true });
// Not a file stream: its read would block a thread, and process.exit waits for that thread.
for await (const line of readline.createInterface({ input: new net.Socket({ fd: requests }) })) {
  const request = JSON.parse(line);
  tell({ id: request.id, ...(await outcome(request)) });
}

async function loaded(name) {
  if (!name) end({ usage: "Name the adapter, as in: node worker.mjs adapter.mjs" });
  const file = path.resolve(name);
  if (!fs.existsSync(file)) end({ usage: `There is no adapter ${name}.` });
  const adapter = await import(pathToFileURL(file)).catch(crash);
  const { call, refuses = () => false } = adapter;
  if (typeof call !== "function") end({ usage: `${name} exports no function \`call\`.` });
  if (typeof refuses !== "function") end({ usage: `\`refuses\` of ${name} is not a function.` });
  return { call, refuses };
}

/** Call the client once. An error that no caller can catch is a crash, whatever the call does later. */
function outcome(request) {
  const crashed = new Promise((resolve) => {
    crash = (error) => resolve({ outcome: "crashed", detail: described(error) });
  });
  return Promise.race([crashed, called(request).catch((error) => ({ outcome: "crashed", detail: described(error) }))]);
}

async function called(request) {
  let result = { outcome: "accepted" };
  try {
    await call(request);
  } catch (error) {
    result = { outcome: refuses(error) ? "refused" : "crashed", detail: described(error) };
  }
  await new Promise(setImmediate); // by then, Node.js has reported rejections that nobody handles
  return result;
}

/** Name an error and its cause, because the message of an error of fetch is only "fetch failed". */
function described(error) {
  const cause = error?.cause ? ` (${firstLine(error.cause)})` : "";
  return (firstLine(error) + cause).slice(0, 200);
}

function firstLine(error) {
  const text = error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error);
  return text.trim().split("\n")[0];
}

function tell(what) {
  fs.writeSync(replies, `${JSON.stringify(what)}\n`);
}

function end(what) {
  tell(what);
  process.exit(0);
}

/** Move a standard stream to a new descriptor, which is returned, and open another file in its place. */
function moved(number, other, mode) {
  const stream = fs.openSync(`/dev/fd/${number}`, mode);
  fs.closeSync(number);
  fs.openSync(other, mode); // gets the number that was just closed, the lowest free one
  return stream;
}
