// Sends requests with fetch, and writes the responses as JSON. An exported module's `handlers` answer some requests.
import fs from "node:fs";
import { setupServer } from "msw/node";
import { handlers } from "./mocks/handlers.mjs";

const HOP_BY_HOP = ["connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"];
const { requests, url } = JSON.parse(fs.readFileSync(0, "utf8"));

async function received(target, { method, headers, body }) {
  try {
    const response = await fetch(target, { method, headers, body, redirect: "manual" });
    const kept = [...response.headers].filter(([name]) => !HOP_BY_HOP.includes(name));
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: kept, body: bytes.toString("base64") };
  } catch {
    return "error";
  }
}

const found = [];
const server = setupServer();
server.listen({ onUnhandledRequest: "bypass" });
for (const each of requests) {
  const real = [await received(each.url, each), await received(each.url, each)];
  server.use(...handlers(each.id));
  const target = url + each.path;
  found.push({ id: each.id, real, mocked: [await received(target, each), await received(target, each)] });
  server.resetHandlers();
}
server.close();
process.stdout.write(JSON.stringify(found));
