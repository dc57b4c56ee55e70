// Generates the TypeScript of one client: node generate.mjs CLIENT DOCUMENT FOLDER
import { createClient } from "@hey-api/openapi-ts";
import { generate } from "orval";

const [client, input, folder] = process.argv.slice(2);
const heyApi = (plugins) => createClient({ input, output: folder, plugins });
// Without this option, orval writes a schema for status 200 only.
const override = { zod: { generateEachHttpStatus: true } };
const orval = (client, file) => generate({ input, output: { target: `${folder}/${file}`, client, override } });

const clients = {
  "hey-api": () => heyApi(["@hey-api/typescript", "@hey-api/client-fetch", "@hey-api/sdk"]),
  "hey-api-zod": () => {
    const sdk = { name: "@hey-api/sdk", validator: { request: false, response: true } };
    return heyApi(["@hey-api/typescript", "@hey-api/client-fetch", "zod", sdk]);
  },
  orval: () => orval("fetch", "client.ts"),
  "orval-zod": async () => {
    await orval("fetch", "client.ts");
    await orval("zod", "schemas.ts");
  },
};
await clients[client]();
