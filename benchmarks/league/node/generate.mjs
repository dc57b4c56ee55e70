// Generates the TypeScript of one client: node generate.mjs CLIENT DOCUMENT FOLDER
import { createClient } from "@hey-api/openapi-ts";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { generate } from "orval";

const [client, input, folder] = process.argv.slice(2);
// Without `logs`, a failure writes a file into the current folder.
const heyApi = (plugins) => createClient({ input, output: folder, plugins, logs: { file: false } });
// Without this option, orval writes a schema for status 200 only.
const override = { zod: { generateEachHttpStatus: true } };
// orval looks for the version of zod in the nearest package.json, and writes code for zod 3 if it finds none.
const packageJson = fileURLToPath(new URL("package.json", import.meta.url));
const orval = async (client, file) => {
  const target = `${folder}/${file}`;
  await generate({ input, output: { target, client, override, packageJson } });
  if (!existsSync(target)) throw new Error(`orval printed an error and wrote no ${file}`); // it doesn't throw
};

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
await clients[client]().catch((error) => {
  const { message } = error.originalError?.error ?? error;
  console.error(`Error: ${message.split("\n")[0]}`);
  process.exit(1);
});
