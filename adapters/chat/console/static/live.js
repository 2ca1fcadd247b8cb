// Keeps an open page as it stands on the server. A card in somebody's hands is never touched.
import { announce, flash, inOwnZone, isBusy, listMoved } from "./console.js";

const list = () => document.getElementById("cards");

function inHand(card) {
  return Boolean(card.querySelector(".act[open], .more[open]")) || (card.contains(document.activeElement) && card !== document.activeElement);
}

// Puts what changed in `arrived` into the page. `all`: the person asked for it, so the last answer comes along.
export function swap(arrived, { all }) {
  if (all) document.getElementById("flash").replaceChildren(...document.adoptNode(arrived.getElementById("flash")).childNodes);
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = arrived.getElementById(part.id);
    if (!now || part.contains(document.activeElement)) continue;
    // What holds a person's own ticks and words is filled when it was empty, and then left alone.
    if (part.dataset.live === "once" && part.childElementCount) continue;
    inOwnZone(now);
    if (now.innerHTML !== part.innerHTML) part.replaceChildren(...document.adoptNode(now).childNodes);
  }
  if (arrived.body.dataset.revision) document.body.dataset.revision = arrived.body.dataset.revision;
  document.title = arrived.title;
  if (list() && arrived.getElementById("cards")) swapCards(arrived);
}

function swapCards(arrived) {
  const anchor = document.querySelector("[data-case]:hover") ?? document.activeElement?.closest?.("[data-case]");
  const before = anchor?.getBoundingClientRect().top;
  const old = new Map([...list().children].filter((card) => card.dataset.case).map((card) => [card.id, card]));
  const news = [];
  let next = null;
  for (const now of [...arrived.querySelectorAll("#cards > [data-case]")].reverse()) {
    const card = place(now, old.get(now.id), next);
    if (!old.has(now.id)) news.push(card);
    old.delete(now.id);
    next = card;
  }
  for (const card of old.values()) if (inHand(card)) card.querySelector(".changed-meanwhile").hidden = false; else card.remove();
  if (news.length && document.body.dataset.settled) {
    news.forEach((card) => card.classList.add("arrived"));
    announce(news.length === 1 ? `New: ${news[0].querySelector("h2, h1, h3").textContent}` : `${news.length} new cards`);
  }
  document.body.dataset.settled = "yes";
  keepInPlace(anchor, before);
}

// Returns the card that now stands for `now`, before `next`.
function place(now, was, next) {
  if (was && inHand(was)) {
    was.querySelector(".changed-meanwhile").hidden = was.dataset.stamp === now.dataset.stamp;
    return was;
  }
  const card = was && was.dataset.stamp === now.dataset.stamp ? was : document.adoptNode(now);
  if (card !== was) {
    inOwnZone(card);
    keepTicks(was, card);
    if (was) {
      const focused = was === document.activeElement;
      was.replaceWith(card);
      if (focused) card.focus({ preventScroll: true });
    }
  }
  if (!card.isConnected || card.nextElementSibling !== next) {
    const focused = card === document.activeElement;
    list().insertBefore(card, next);
    if (focused) card.focus({ preventScroll: true });
  }
  return card;
}

function keepTicks(was, card) {
  const [ticked, box] = [was, card].map((one) => one?.querySelector(".pick input"));
  if (ticked?.checked && box) box.checked = true;
}

// What somebody is looking at stays where it is; where it cannot, the next press is not taken for another card's.
function keepInPlace(anchor, before) {
  const still = anchor && document.getElementById(anchor.id);
  if (still) scrollBy(0, still.getBoundingClientRect().top - before);
  if (!anchor) return;
  if (!still || Math.abs(still.getBoundingClientRect().top - before) > 2) listMoved();
}

let asking = false;
export async function refresh() {
  if (asking || isBusy()) return;
  asking = true;
  try {
    const response = await fetch(location.href, { headers: { "X-Live": "1", Accept: "text/html" } });
    // A press that began meanwhile brings a newer page along.
    if (response.ok && !isBusy()) swap(new DOMParser().parseFromString(await response.text(), "text/html"), { all: false });
  } catch {
    down(true);
  } finally {
    asking = false;
  }
}

// Looks until the page stands where the stream says, at most about once a second however much happens.
let wanted = "";
let catching = false;
async function catchUp() {
  if (catching) return;
  catching = true;
  while (wanted && wanted !== document.body.dataset.revision && !document.hidden) {
    await refresh();
    await new Promise((done) => setTimeout(done, 800));
  }
  catching = false;
}

function down(is) {
  const line = document.getElementById("down");
  if (line) line.hidden = !is;
}

// One stream while the page is looked at: browsers allow six connections to a server, shared by all its tabs.
export function keepLive() {
  if (!document.body.dataset.revision || !document.getElementById("cards")) return;
  document.body.dataset.settled = "yes";
  let stream = null;
  const open = () => {
    if (stream || document.hidden) return;
    stream = new EventSource(`/events?since=${document.body.dataset.revision}`);
    stream.addEventListener("changed", (event) => {
      down(false);
      wanted = event.data;
      catchUp();
    });
    stream.addEventListener("down", () => down(true));
    stream.addEventListener("error", () => {
      down(true);
      if (stream.readyState === EventSource.CLOSED) flash("This page is not live any more. Reload it.", true);
    });
    stream.addEventListener("open", () => down(false));
  };
  const close = () => {
    stream?.close();
    stream = null;
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  open();
}
