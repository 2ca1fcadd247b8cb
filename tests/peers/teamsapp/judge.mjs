// Reads lines of {"version", "value"} and answers a line each: what Microsoft's own schema of that version of the app's
// manifest has against it. The reader of such schemas is the one that comes with them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const parts = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules", "@microsoft", "app-manifest");
const theirs = createRequire(join(parts, "package.json"));
const Ajv = theirs("ajv-draft-04").default;
const formats = theirs("ajv-formats").default;
const judges = new Map();

function judge(version) {
  if (!judges.has(version)) {
    const file = join(parts, "build", "json-schemas", "teams", `v${version}`, "MicrosoftTeams.schema.json");
    const ajv = new Ajv({ strict: false, allErrors: true });
    formats(ajv);
    judges.set(version, ajv.compile(JSON.parse(readFileSync(file, "utf8"))));
  }
  return judges.get(version);
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { version, value } = JSON.parse(line);
  const right = judge(version);
  console.log(JSON.stringify(right(value) ? [] : right.errors.map((e) => `${e.instancePath}: ${e.message}`)));
}
