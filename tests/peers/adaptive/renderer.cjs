// Microsoft's own renderer, in a page of jsdom: what it has against a card, as it reads and as it draws it.
const { JSDOM } = require("jsdom");

const dom = new JSDOM("<!doctype html><body></body>");
const page = /^(document|HTML.*|SVG.*|Node|Element|Event|MouseEvent|KeyboardEvent|DOMParser)$/;
for (const name of Object.getOwnPropertyNames(dom.window)) if (page.test(name)) globalThis[name] = dom.window[name];
globalThis.window = dom.window;
// jsdom lays nothing out, and so has no words as they are laid out.
Object.defineProperty(HTMLElement.prototype, "innerText", {
  get() { return this.textContent; },
  set(text) { this.textContent = text; },
});
globalThis.window.matchMedia ??= () => ({ matches: false, addListener() {} });
// The package's `main` is of a kind that Node does not read.
const AC = require("adaptivecards/dist/adaptivecards.js");

AC.AdaptiveCard.onProcessMarkdown = (text, out) => {
  out.outputHtml = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  out.didProcess = true;
};
const events = Object.fromEntries(Object.entries(AC.ValidationEvent).map(([name, value]) => [value, name]));
// Six buttons are seen in Teams. The library counts those behind "..." as well, so the six are counted here.
const config = new AC.HostConfig({ actions: { maxActions: 99 }, supportsInteractivity: true });
const SEEN = 6;

function pieces(json) {
  if (Array.isArray(json)) return json.flatMap(pieces);
  if (!json || typeof json !== "object") return [];
  // A TextBlock with a time of ours is filled in for its reader; a run, where strangers' words stand, never is.
  const words = json.type === "TextRun" || (json.type === "TextBlock" && !/\{\{(DATE|TIME)\(/.test(json.text));
  return [...(words ? [json.text] : []), ...Object.values(json).flatMap(pieces)];
}

/** What is wrong with `card`; nothing for a right one. */
function drawn(card) {
  const problems = [];
  const told = (kind, found) => problems.push(`${kind} ${events[found.event]}: ${found.message}`);
  // The library asks this with an expression that remembers where it stood: each second time it says no.
  const { lang, ...json } = card;
  if (lang !== undefined && !/^[a-z]{2,3}$/.test(lang)) problems.push(`lang ${lang} is none`);
  const read = new AC.AdaptiveCard();
  read.hostConfig = config;
  const context = new AC.SerializationContext(AC.Versions.v1_5);
  read.parse(json, context);
  for (let nth = 0; nth < context.eventCount; nth++) told("read", context.getEventAt(nth));
  for (const found of read.validateProperties().validationEvents) told("validated", found);
  if ((json.actions ?? []).filter((one) => one.mode !== "secondary").length > SEEN) problems.push("too many buttons");
  if (read.version.compareTo(AC.Versions.v1_5) > 0) problems.push(`version ${read.version} is newer than Teams draws`);
  const element = read.render();
  if (!element || !element.children.length) problems.push("nothing is drawn");
  else problems.push(...missing(element, json));
  return problems;
}

/** Every word of a run is on the page as it was sent: no part of a card is left out, and no word is filled in. */
function missing(element, json) {
  const seen = element.textContent;
  return pieces(json)
    .filter((text) => !seen.includes(text))
    .map((text) => `not drawn as it is: ${JSON.stringify(text.slice(0, 60))}`);
}

module.exports = { drawn };
