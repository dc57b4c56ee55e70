// Adapters that `worker.mjs` uses to call generated TypeScript clients. This file needs only Node.js 20 or
// newer and the client's own packages. For .ts files, the kit starts Node.js with the tsx loader.
//
//     node worker.mjs generated_clients.mjs GENERATOR FOLDER|FILE [OPTION ...]
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

/** An error that the client returned or zod threw, or an error status that the caller must check. */
class ReportedError extends Error {}
/** The client has no function for an operation, so the worker reports the call as inconclusive. */
export class NotGeneratedError extends Error {}
/** The client doesn't exist, or can't be imported without a loader. */
class UsageError extends Error {}

const adapters = { "@hey-api/openapi-ts": heyApi, "openapi-fetch": openapiFetch, orval };
const [generator, where, ...options] = process.argv.slice(3);
const hasLoader = process.execArgv.length > 0 || process.env.NODE_OPTIONS;

export const call = await adapters[generator](path.resolve(where), options);

/** Whether an error is a ReportedError, or the error with which fetch reports no response or JSON.parse no JSON. */
export const refuses = (error) =>
  error instanceof ReportedError || error instanceof SyntaxError || (error instanceof TypeError && isNetwork(error));

// fetch throws a TypeError for a network error: "fetch failed", or "terminated" while the body is read.
const isNetwork = (error) => error.message === "fetch failed" || error.message === "terminated";

/** Call an SDK function, which returns data or an error. */
async function heyApi(folder) {
  const sdk = await load(path.join(folder, "sdk.gen"));
  const { createClient, createConfig } = await load(path.join(folder, "client", "index"));
  return async (request) => {
    const { path, query, header: headers } = request.parameters;
    const client = createClient(createConfig({ baseUrl: request.url }));
    // The options must have no key for a part that the operation lacks.
    const parts = Object.entries({ path, query, headers }).filter(([, values]) => Object.keys(values).length);
    const { body } = request;
    return dataOf(await parsed(functionOf(sdk, request)({ client, body, ...Object.fromEntries(parts) })));
  };
}

/** Call `client.GET(path, { params, body })`, which returns data or an error. */
async function openapiFetch(folder) {
  const found = await import(pathToFileURL(resolved("openapi-fetch", folder)));
  const createClient = found.default.default ?? found.default;
  return async ({ url, method, template, parameters, body, responses }) => {
    const { path, query, header } = parameters;
    const success = Object.entries(responses).find(([status]) => status.startsWith("2"));
    // According to the README, `parseAs` sets how to parse a body that isn't JSON.
    const parseAs = /json|^text|^$/.test(success?.[1].content_type ?? "") ? undefined : "blob";
    const options = { params: { path, query, header }, body, parseAs };
    return dataOf(await createClient({ baseUrl: url })[method](template, options));
  };
}

/** Call an operation's function, which returns data and the status. `zod=FILE` contains schemas to parse the data with. */
async function orval(file, options) {
  const client = await load(file);
  const zod = options.find((each) => each.startsWith("zod="));
  const schemas = zod ? await load(path.resolve(zod.slice(4))) : {};
  const fetched = globalThis.fetch;
  let base = "";
  // The functions request relative URLs, which a browser resolves against its page, but Node.js can't resolve.
  globalThis.fetch = (url, options) => fetched(base + url, options);
  return async (request) => {
    base = request.url;
    const { path, query, header: headers } = request.parameters;
    const inPath = [...request.template.matchAll(/{(.+?)}/g)].map(([, name]) => path[name]);
    const queries = Object.keys(query).length ? [query] : [];
    const bodies = request.body === undefined ? [] : [request.body];
    const { data, status } = await functionOf(client, request)(...inPath, ...bodies, ...queries, { headers });
    // The result's type forces the caller to check the status.
    if (status < 200 || status > 299) throw new ReportedError(`status ${status}`);
    const schema = member(schemas, namesOf(request).map((name) => `${name}${status}Response`));
    return schema ? parsed(schema.parseAsync(data)) : data;
  };
}

/** Import one of the client's modules, adding the file extension if it is missing. */
async function load(file) {
  const found = ["", ".ts", ".js", ".mjs"].map((ending) => file + ending).find((each) => fs.statSync(each, { throwIfNoEntry: false })?.isFile());
  if (!found) throw new UsageError(`There is no ${file}, which ${generator} writes.`);
  try {
    return await import(pathToFileURL(found));
  } catch (error) {
    if (!found.endsWith(".ts") || hasLoader || !/^ERR_(UNKNOWN|UNSUPPORTED|MODULE)/.test(error.code)) throw error;
    throw new UsageError(`${found} needs a loader for TypeScript: npm install --save-dev tsx`);
  }
}

/** Find a package as Node.js would from a folder, and return its main file. */
function resolved(name, folder) {
  try {
    return createRequire(path.join(folder, "_")).resolve(name);
  } catch {
    throw new UsageError(`${name} is not installed in ${folder}. Pass the project's folder.`);
  }
}

function functionOf(module, request) {
  const found = member(module, namesOf(request));
  if (!found) throw new NotGeneratedError(`the client has no function for ${request.operation}`);
  return found;
}

/** Return two names that generators may use for an operation: with its operationId, and without one. */
function namesOf({ operation }) {
  return [operation, operation.replaceAll("{", "by")];
}

/** Return a module's member with one of these names. Generators change all characters except letters and digits. */
function member(module, names) {
  const wanted = names.map(plain);
  const name = Object.keys(module).find((each) => wanted.includes(plain(each)));
  return name && module[name];
}

const plain = (name) => name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();

/** Return the client's data, or a Blob's bytes. Throw if the client returned an error or an error status. */
function dataOf({ data, error, response }) {
  if (error !== undefined) throw new ReportedError(text(error));
  if (!response.ok) throw new ReportedError(`status ${response.status}`);
  return data instanceof Blob ? data.arrayBuffer() : data;
}

/** Await a result. If zod finds problems, report the first one. */
async function parsed(result) {
  try {
    return await result;
  } catch (error) {
    if (error?.constructor?.name !== "ZodError") throw error;
    const [{ path: where, message }] = error.issues;
    throw new ReportedError(`ZodError at /${where.join("/")}: ${message}`);
  }
}

const text = (error) => (error instanceof Error ? error.message : JSON.stringify(error));
