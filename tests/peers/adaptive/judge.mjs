// Reads lines of {"kind", "value"} and answers a line each: what Microsoft's own types, as a JSON schema, and its own
// renderer have against it.
import { createInterface } from "node:readline";
import Ajv from "ajv";
import renderer from "./renderer.cjs";
import { schema } from "./schema.mjs";

const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(schema(), "teams");
const judge = (kind) => ajv.getSchema(`teams#/definitions/${kind}`);

function shaped(kind, value) {
  if (judge(kind)(value)) return [];
  // Of a part that is of no known kind every kind complains; the deepest complaints are the telling ones.
  const deep = (error) => error.instancePath.split("/").length;
  const worst = [...judge(kind).errors].sort((a, b) => deep(b) - deep(a)).slice(0, 5);
  return worst.map((e) => `${e.instancePath}: ${e.message}`);
}

function cards(value) {
  if (!value || typeof value !== "object") return [];
  if (value.type === "AdaptiveCard") return [value];
  return Object.values(value).flatMap(cards);
}

function rendered(value) {
  try {
    return cards(value).flatMap(renderer.drawn);
  } catch (broken) {
    return [`the renderer broke: ${broken.message}`];
  }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { kind, value } = JSON.parse(line);
  console.log(JSON.stringify([...shaped(kind, value), ...rendered(value)]));
}
