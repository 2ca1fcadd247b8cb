// Keeps an open page up to date. Everything on it works without this script.
"use strict";

(() => {
  const EVERY = 3000; // milliseconds
  const threads = document.getElementById("threads");
  const news = document.getElementById("news");

  const showLocalTimes = (root) => {
    for (const time of root.querySelectorAll("time")) {
      const at = new Date(time.dateTime);
      time.title = time.textContent;
      time.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    }
  };

  // Never pull a page from under somebody who is reading with the keyboard or writing.
  const inUse = (thread) =>
    thread.contains(document.activeElement) || thread.querySelector("details.act[open]") !== null;

  const place = (thread) => {
    const number = Number(thread.dataset.number);
    const later = [...threads.children].find((other) => Number(other.dataset.number) < number);
    threads.insertBefore(thread, later ?? null);
  };

  // Returns whether everything could be shown; what is in use waits for the next look.
  const merge = (page) => {
    let complete = true;
    let fresh = 0;
    for (const thread of page.querySelectorAll("#threads > .thread")) {
      const shown = document.getElementById(thread.id);
      if (shown && shown.dataset.version === thread.dataset.version) continue;
      if (shown && inUse(shown)) {
        complete = false;
        continue;
      }
      const adopted = document.adoptNode(thread);
      showLocalTimes(adopted);
      adopted.classList.add("fresh");
      if (shown) shown.replaceWith(adopted);
      else place(adopted);
      fresh += 1;
    }
    document.querySelector("main > .empty")?.remove();
    if (fresh) news.textContent = fresh === 1 ? "One conversation is new or changed" : `${fresh} conversations are new or changed`;
    return complete;
  };

  const look = async () => {
    const pulse = await fetch("/square/pulse", { cache: "no-store" });
    if (!pulse.ok) return;
    const { seq } = await pulse.json();
    if (String(seq) === threads.dataset.seq) return;
    const answer = await fetch(threads.dataset.source, { cache: "no-store" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (merge(page)) threads.dataset.seq = page.getElementById("threads").dataset.seq;
  };

  const keepLooking = async () => {
    try {
      if (!document.hidden) await look();
    } catch (error) {
      // The server is away; the next look finds it again.
      if (!(error instanceof TypeError)) throw error;
    } finally {
      setTimeout(keepLooking, EVERY);
    }
  };

  showLocalTimes(document);
  if (threads) setTimeout(keepLooking, EVERY);
})();
