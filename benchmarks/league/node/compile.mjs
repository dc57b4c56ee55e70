// Compiles TypeScript: node compile.mjs [OPTION ...] FILE ... Names the first error on stderr, because tsc uses stdout.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const tsc = fileURLToPath(new URL("node_modules/typescript/bin/tsc", import.meta.url));
const { status, stdout } = spawnSync(process.execPath, [tsc, ...process.argv.slice(2)], { encoding: "utf8" });
if (status) console.error(stdout.split("\n")[0].replace(/^.*?error (TS\d+)/, "TypeError $1"));
process.exit(status ?? 1);
