// Calls orval's fetch client and parses the result with orval's zod schema, as orval's guide to zod shows.
import { camelCase, isOfFetch, load, parsed } from "./common.mjs";
import { respond } from "./orval.mjs";

const schemas = await load("schemas.js");

export async function call(request) {
  const { data, status } = await respond(request);
  const schema = schemas[`${camelCase(request.operation)}${status}Response`];
  return schema ? parsed(schema.parseAsync(data)) : data;
}

export const refuses = isOfFetch;
