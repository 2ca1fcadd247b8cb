// The JSON schema of what we send to Teams, made once of Microsoft's own types and kept beside them: it takes seconds.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { createGenerator } from "ts-json-schema-generator";

const here = dirname(fileURLToPath(import.meta.url));
const parts = join(here, "..", "node_modules");
const path = join(here, "shapes.ts");

export function schema() {
  const made = [path, join(parts, "@microsoft/teams.cards/package.json"), join(parts, "ts-json-schema-generator/package.json")];
  const name = createHash("sha256");
  for (const file of made) name.update(readFileSync(file));
  const kept = join(parts, `.adaptive-cards-${name.digest("hex").slice(0, 16)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8"));
  // With all of its types exposed none is repeated inside another, which would take minutes.
  const options = { path, type: "*", expose: "all", jsDoc: "none", skipTypeCheck: true, additionalProperties: false };
  const fresh = createGenerator(options).createSchema("*");
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(fresh));
  renameSync(`${kept}.${process.pid}`, kept);
  return fresh;
}
