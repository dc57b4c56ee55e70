// Calls orval's fetch client: each operation has a function, which returns data and the status.
import { camelCase, isOfFetch, load, ReportedError } from "./common.mjs";

const client = await load("client.js");
const fetched = globalThis.fetch;
let base = "";
// The functions request relative URLs. A browser resolves them against its page, but Node.js can't.
globalThis.fetch = (url, options) => fetched(base + url, options);

export const call = async (request) => (await respond(request)).data;

/** Call the function of an operation. The type of the result makes the caller check the status. */
export async function respond({ url, operation, template, parameters, body }) {
  base = url;
  const { path, query, header: headers } = parameters;
  const inPath = [...template.matchAll(/{(.+?)}/g)].map(([, name]) => path[name]);
  const queries = Object.keys(query).length ? [query] : [];
  const bodies = body === undefined ? [] : [body];
  const args = [...inPath, ...bodies, ...queries];
  const { data, status } = await client[camelCase(operation)](...args, { headers });
  if (status < 200 || status > 299) throw new ReportedError(`status ${status}`);
  return { data, status };
}

export const refuses = isOfFetch;
