// The page works without this file. It adds: the reader's own time zone, presses without a reload, keys, live update.
import { keepLive, refresh, swap } from "./live.js";

const KEYS_OFF = "levelhead-keys-off";
const page = document.documentElement;
page.classList.add("has-script");

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const exact = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const dated = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

export function inOwnZone(root) {
  const today = new Date().toDateString();
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.title = time.dateTime;
    time.textContent = (at.toDateString() !== today ? dated : "exact" in time.dataset ? exact : clock).format(at);
  }
}

export function announce(words) {
  const place = document.getElementById("announce");
  if (place) place.textContent = words;
}

export function flash(words, bad) {
  const line = document.createElement("p");
  const text = document.createElement("span");
  text.textContent = words;
  line.append(text);
  line.classList.toggle("bad", bad);
  document.getElementById("flash").replaceChildren(line);
  line.scrollIntoView({ block: "nearest" });
}

// --- presses without a reload

let busy = false;
export const isBusy = () => busy;

async function send(form, button) {
  const body = new URLSearchParams(new FormData(form, button));
  const card = form.closest("[data-case]");
  busy = true;
  for (const one of document.querySelectorAll(".acts button, .several button")) one.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body });
    const arrived = new DOMParser().parseFromString(await response.text(), "text/html");
    taken(arrived, card, response.ok);
  } catch {
    flash("Not confirmed: Levelhead did not answer. Look at the card before you press again.", true);
  } finally {
    busy = false;
    for (const one of document.querySelectorAll(".acts button, .several button")) one.disabled = false;
  }
}

function taken(arrived, card, ok) {
  const problem = arrived.querySelector("[data-problem]");
  if (problem) {
    flash(problem.dataset.problem, true);
    return;
  }
  const id = card?.id;
  if (card) card.querySelectorAll("details[open]").forEach((form) => (form.open = false));
  document.activeElement?.blur();
  // The form for several is emptied when it was taken, and comes back as it was sent when it was not.
  if (!card) document.getElementById("several-place").replaceWith(arrived.getElementById("several-place"));
  if (ok) {
    swap(arrived, { all: true });
  } else if (card && arrived.getElementById(id)) {
    card.replaceWith(document.adoptNode(arrived.getElementById(id)));
    inOwnZone(document.getElementById(id));
  } else {
    swap(arrived, { all: false });
  }
  const after = id && document.getElementById(id);
  const said = document.querySelector("#flash p")?.textContent.trim();
  if (!ok) {
    const open = document.querySelector(`${after ? `#${CSS.escape(id)}` : "#several-box"} .not-taken`);
    announce(open?.textContent.trim() ?? "");
    (open?.parentElement.querySelector("textarea, input:not([type=hidden])") ?? open)?.focus();
    return;
  }
  if (said) announce(said);
  (after || document.getElementById("main")).focus({ preventScroll: Boolean(after) });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !(form.closest("[data-case]") || form.id === "several")) return;
  event.preventDefault();
  if (busy) return;
  if (event.submitter && movedUnder(event)) {
    flash("The list moved just as you pressed, so nothing was done. Press again.", true);
    return;
  }
  send(form, event.submitter);
});

// A press lands on what stood there when the hand began to move.
let lastMove = -1e9;
export const listMoved = () => (lastMove = performance.now());
const movedUnder = () => pressedByPointer && performance.now() - lastMove < 500;
let pressedByPointer = false;
addEventListener("pointerdown", () => (pressedByPointer = true), true);
addEventListener("keydown", () => (pressedByPointer = false), true);

// --- keys

const cards = () => [...document.querySelectorAll("#cards > [data-case]")];
const current = () => document.activeElement?.closest?.("[data-case]") ?? null;

function step(by) {
  const all = cards();
  const here = current();
  const at = here ? all.indexOf(here) + by : by > 0 ? 0 : all.length - 1;
  const next = all[Math.min(Math.max(at, 0), all.length - 1)];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
}

function act(...decisions) {
  const card = current() ?? cards()[0];
  const action = decisions.map((name) => card?.querySelector(`.act[data-decision="${name}"]`)).find(Boolean);
  if (!action) return announce(`That button is not on this card`);
  if (current() !== card) return card.focus();
  if (action.tagName === "FORM") return action.requestSubmit(action.querySelector("button"));
  action.open = true;
  action.querySelector("textarea, input:not([type=hidden])")?.focus();
}

const help = document.getElementById("help");
const bindings = {
  j: () => step(1),
  k: () => step(-1),
  a: () => act("approve", "second_approve"),
  e: () => act("edit"),
  c: () => act("claim", "release"),
  u: () => act("undo"),
  x: () => current()?.querySelector(".pick input")?.click(),
  "/": () => document.getElementById("q")?.focus(),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, dialog");
  if (event.key === "Escape" && event.target.closest(".act[open]")) {
    const open = event.target.closest(".act[open]");
    open.open = false;
    open.querySelector("summary").focus();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (localStorage.getItem(KEYS_OFF) || !bindings[event.key]) return;
  event.preventDefault();
  bindings[event.key]();
});

const single = document.getElementById("single-keys");
if (single) {
  single.checked = !localStorage.getItem(KEYS_OFF);
  single.addEventListener("change", () =>
    single.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "yes"));
}
for (const button of document.querySelectorAll("[data-help]")) {
  button.hidden = false;
  button.addEventListener("click", () => help.showModal());
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-show-new]")) return;
  const card = event.target.closest("[data-case]");
  card.querySelectorAll("details[open]").forEach((form) => (form.open = false));
  document.activeElement.blur();
  refresh();
});

// A form that is closed again gives its card back to the list.
document.addEventListener("toggle", (event) => {
  const card = event.target.closest?.("[data-case]");
  if (card && !event.target.open && !card.querySelector(".changed-meanwhile").hidden) refresh();
}, true);

document.addEventListener("change", (event) => {
  if (!event.target.matches(".pick input")) return;
  const ticked = document.querySelectorAll(".pick input:checked").length;
  document.getElementById("ticked").textContent = ticked ? `(${ticked})` : "";
});

const zone = document.getElementById("zone");
if (zone) zone.textContent = `your own zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}`;
inOwnZone(document);
keepLive();
