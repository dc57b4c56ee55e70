// Calls @hey-api/openapi-ts as its documentation shows: an SDK function returns data or an error.
import { camelCase, dataOf, isOfFetch, load, parsed } from "./common.mjs";

const sdk = await load("sdk.gen.js");
const { createClient, createConfig } = await load("client/index.js");

export async function call({ url, operation, parameters, body }) {
  const { path, query, header: headers } = parameters;
  const client = createClient(createConfig({ baseUrl: url }));
  // The options have no key for a part that the operation doesn't have.
  const parts = Object.entries({ path, query, headers }).filter(([, values]) => Object.keys(values).length);
  return dataOf(await parsed(sdk[camelCase(operation)]({ client, body, ...Object.fromEntries(parts) })));
}

export const refuses = isOfFetch;
