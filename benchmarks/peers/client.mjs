// fetch and json(), as in most scripts.
class StatusError extends Error {}

export async function call({ method, url, path }) {
  const response = await fetch(url + path, { method, headers: { "X-API-Key": "test-key" } });
  if (!response.ok) throw new StatusError(response.status);
  await response.json();
}

// The errors that fetch and json() document: no response, or a response that isn't JSON.
export const refuses = (error) => [StatusError, TypeError, SyntaxError].some((kind) => error instanceof kind);
