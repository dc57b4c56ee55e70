// Judges bodies against the schemas of an OpenAPI 3.1 document with Ajv.
//
// Usage: node ajv.mjs DOCUMENT NODE_MODULES
//
// Reads one JSON object per line: {"pointer": the JSON Pointer of a schema, "body": the text of a body}.
// Writes one line for each: true, false, or null if the body can't be judged.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [document, modules] = process.argv.slice(2);
const require = createRequire(modules + "/");
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const NAME = "document";
const VALUES = new Set(["const", "default", "enum", "example", "examples"]);

// OpenAPI 3.1 has no `nullable`, but Ajv knows it.
function withoutNullable(node) {
  if (Array.isArray(node)) return node.map(withoutNullable);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([name, value]) => name !== "nullable" || typeof value !== "boolean");
  return Object.fromEntries(kept.map(([name, value]) => [name, VALUES.has(name) ? value : withoutNullable(value)]));
}

// `multipleOf` is checked with decimals: as doubles, 0.07 / 0.01 isn't an integer.
const ajv = new Ajv({ strict: false, validateSchema: false, logger: false, multipleOfPrecision: 9 });
addFormats(ajv);
ajv.addSchema(withoutNullable(JSON.parse(readFileSync(document, "utf8"))), NAME);

const validators = new Map();

function validator(pointer) {
  if (!validators.has(pointer)) {
    const fragment = pointer.split("/").map(encodeURIComponent).join("/");
    try {
      validators.set(pointer, ajv.compile({ $ref: `${NAME}#${fragment}` }));
    } catch {
      validators.set(pointer, null); // a pattern or a reference that Ajv doesn't understand
    }
  }
  return validators.get(pointer);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { pointer, body } = JSON.parse(line);
  const isValid = validator(pointer);
  process.stdout.write(`${isValid && isValid(JSON.parse(body))}\n`);
}
