// Calls orval's fetch client and parses the result with orval's zod schema, as orval's guide to zod shows.
import { camelCase, isOfFetch, load, parsed } from "./common.mjs";
import { call as fetched } from "./orval.mjs";

const schemas = await load("schemas.js");

export async function call(request) {
  const { data, status } = await fetched(request);
  await parsed(schemas[`${camelCase(request.operation)}${status}Response`]?.parseAsync(data));
}

export const refuses = isOfFetch;
