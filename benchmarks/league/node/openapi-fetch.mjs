// Calls openapi-fetch as its README shows: `client.GET(path, { params, body })` returns data or an error.
import createClient from "openapi-fetch";
import { dataOf, isOfFetch } from "./common.mjs";

// As the README says, `parseAs` chooses how to read a body that isn't JSON.
const PARSE_AS = { downloadFile: "blob" };

export async function call({ url, method, template, operation, parameters, body }) {
  const { path, query, header } = parameters;
  const options = { params: { path, query, header }, body, parseAs: PARSE_AS[operation] };
  return dataOf(await createClient({ baseUrl: url })[method](template, options));
}

export const refuses = isOfFetch;
