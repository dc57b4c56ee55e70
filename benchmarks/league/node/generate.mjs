// Generates the TypeScript of one client: node generate.mjs CLIENT DOCUMENT FOLDER
import { createClient } from "@hey-api/openapi-ts";
import { generate } from "orval";

const [client, input, folder] = process.argv.slice(2);
const heyApi = (plugins) => createClient({ input, output: folder, plugins });
const orval = (client, file) => generate({ input, output: { target: `${folder}/${file}`, client } });

const clients = {
  "hey-api": () => heyApi(["@hey-api/typescript", "@hey-api/client-fetch", "@hey-api/sdk"]),
  "hey-api-zod": () =>
    heyApi(["@hey-api/typescript", "@hey-api/client-fetch", "zod", { name: "@hey-api/sdk", validator: true }]),
  orval: () => orval("fetch", "client.ts"),
  "orval-zod": async () => {
    await orval("fetch", "client.ts");
    await orval("zod", "schemas.ts");
  },
};
await clients[client]();
