// What the adapters share. `LEAGUE_CLIENT` is the folder with the compiled client.
import path from "node:path";
import { pathToFileURL } from "node:url";

/** An error that the client returned or that zod threw, or a status that the caller must look at. */
export class ReportedError extends Error {}

export const load = (file) => import(pathToFileURL(path.join(process.env.LEAGUE_CLIENT, file)));
export const camelCase = (name) => name.replace(/_+(\w)/g, (_, letter) => letter.toUpperCase());

/** Whether an error is a ReportedError, or one that fetch or JSON.parse documents: no response, or no JSON. */
export const isOfFetch = (error) =>
  error instanceof ReportedError || error instanceof SyntaxError || (error instanceof TypeError && isNetwork(error));

// fetch throws a TypeError for a network error: "fetch failed", or "terminated" while the body is read.
const isNetwork = (error) => error.message === "fetch failed" || error.message === "terminated";

/** Return a client's data, of a Blob the bytes. Throw if it returned an error, or a response with an error status. */
export function dataOf({ data, error, response }) {
  if (error !== undefined) throw new ReportedError(text(error));
  if (!response.ok) throw new ReportedError(`status ${response.status}`);
  return data instanceof Blob ? data.arrayBuffer() : data;
}

/** Await a result, and name the first problem that zod found. */
export async function parsed(result) {
  try {
    return await result;
  } catch (error) {
    if (error?.constructor?.name !== "ZodError") throw error;
    const [{ path: where, message }] = error.issues;
    throw new ReportedError(`ZodError at /${where.join("/")}: ${message}`);
  }
}

const text = (error) => (error instanceof Error ? error.message : JSON.stringify(error));
