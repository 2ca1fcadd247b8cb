// Reads lines of {"kind", "value"} and answers a line each: what Slack's own types, as a JSON schema, have against it.
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { createGenerator } from "ts-json-schema-generator";

const path = join(dirname(fileURLToPath(import.meta.url)), "shapes.ts");
const schema = createGenerator({ path, type: "*", skipTypeCheck: true, additionalProperties: false }).createSchema("*");
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(schema, "slack");
const judge = (kind) => ajv.getSchema(`slack#/definitions/${kind}`);

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { kind, value } = JSON.parse(line);
  const right = judge(kind)(value);
  // Of a block that is of no known kind every kind complains; the deepest complaints are the telling ones.
  const deep = (error) => error.instancePath.split("/").length;
  const worst = right ? [] : [...judge(kind).errors].sort((a, b) => deep(b) - deep(a)).slice(0, 5);
  console.log(JSON.stringify(worst.map((e) => `${e.instancePath}: ${e.message}`)));
}
