// The client of client.py, in JavaScript.
export class OrderError extends Error {}

export async function total(method, url, order) {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(url, { method, headers, body: JSON.stringify(order) });
  if (![200, 201].includes(response.status)) throw new OrderError(`status ${response.status}`);
  const body = await response.json().catch((error) => {
    throw new OrderError(error.message);
  });
  return (body.orders ?? [body]).reduce((sum, each) => sum + each.total, 0);
}
