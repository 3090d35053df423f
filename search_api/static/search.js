// Results while typing. The page that the address gives is fetched and its answer put in place, so there is
// one way to make an answer, and the address always says what is shown. Without this script the form does it.

import { say, showKept } from "./page.js";

const PAUSE = 50; // milliseconds without a key before a search begins
const LEAST = 3; // characters
const form = document.querySelector("form.ask");
const field = form.elements.query;
const answer = document.querySelector("[data-answer]");
const state = document.querySelector("[data-state]");
let running = null;
let pause = 0;
let retry = 0;
let settled = true; // whether the address in the history is one to come back to

function addressOf(from) {
  const address = new URL(from.action || location.pathname, location.href);
  address.search = new URLSearchParams([...new FormData(from)].filter(([, value]) => value.trim()));
  return address;
}

function tell(text, alarm = false) {
  state.textContent = text;
  state.classList.toggle("alarm", alarm);
}

/** Shows what an address gives; ``entry`` is what it becomes in the history: "push", "replace" or "". */
async function show(address, entry, typed = false, attempt = 0) {
  running?.abort();
  clearTimeout(retry);
  running = new AbortController();
  const late = setTimeout(() => answer.classList.add("stale"), 200);
  try {
    const response = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-answer]");
    if (!fresh) throw new Unusable();
    tell("");
    // Half a word is no mistake yet: the fault of what is being typed is a hint, and the answer stays.
    if (typed && response.status === 400) return tell(fresh.textContent.trim().replace(/\s+/g, " "));
    put(page, fresh, typed);
    if (typed) settled = false;
    // Only once it is shown: a search that is given up must not take the place of the page before it.
    if (entry === "push") history.pushState(null, "", address);
    else if (entry === "replace") history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") gone(address, entry, typed, attempt, error);
  } finally {
    clearTimeout(late);
    answer.classList.remove("stale");
  }
}

class Unusable extends Error {}

function put(page, fresh, typed) {
  const place = typed ? null : placeOf(document.activeElement);
  answer.replaceChildren(...fresh.childNodes);
  form.querySelector("[data-kept]").replaceWith(page.querySelector("[data-kept]"));
  document.title = page.title;
  showKept();
  if (place) (answer.querySelector(place) ?? answer.querySelector("main")).focus({ preventScroll: true });
  const found = answer.querySelectorAll(".result").length;
  const count = document.createElement("span");
  count.className = "unseen";
  count.textContent = answer.querySelector(".notice")?.textContent ?? `${found} passages found`;
  if (answer.querySelector(".found, .notice")) state.replaceChildren(count);
  document.dispatchEvent(new Event("footnote:answered"));
}

/** A selector for what was in focus inside the answer, so that the same thing can have it again. */
function placeOf(element) {
  if (!answer.contains(element)) return null;
  const key = element.closest("[data-key]")?.dataset.key;
  return key ? `[data-key="${CSS.escape(key)}"]` : element.id ? `#${CSS.escape(element.id)}` : "main";
}

/** The server does not answer, or cannot use its index: say so, keep what is shown, try again. */
function gone(address, entry, typed, attempt, error) {
  const wait = Math.min(2 ** attempt, 30);
  const what = error instanceof Unusable ? "The index cannot be used at the moment" : "The server does not answer";
  const below = answer.querySelector(".result") ? " Below is still the earlier answer." : "";
  tell(`${what}. Trying again in ${wait} s.${below}`, true);
  retry = setTimeout(() => show(address, entry, typed, attempt + 1), wait * 1000);
}

function typing() {
  clearTimeout(pause);
  clearTimeout(retry);
  if (field.value.trim().length < LEAST) return running?.abort();
  pause = setTimeout(() => {
    const address = addressOf(form);
    if (address.href === location.href) return;
    show(address, settled ? "push" : "replace", true);
  }, PAUSE);
}

field.addEventListener("input", (event) => event.isComposing || typing());
field.addEventListener("compositionend", typing);
field.addEventListener("blur", () => (settled = true));

document.addEventListener("submit", (event) => {
  const given = event.target;
  if (given !== form && !answer.contains(given)) return;
  event.preventDefault();
  clearTimeout(pause);
  const address = addressOf(given);
  if (given === form && !address.searchParams.has("query")) return field.focus();
  show(address, address.href === location.href ? "replace" : "push");
  settled = true;
  if (given === form) scrollTo(0, 0);
});

answer.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented) return;
  const address = new URL(link.href.baseVal ?? link.href, location.href);
  if (address.pathname !== location.pathname || address.hash || address.origin !== location.origin) return;
  event.preventDefault();
  const asked = address.searchParams.get("query");
  if (asked) field.value = asked;
  show(address, "push");
  settled = true;
});

addEventListener("popstate", () => {
  field.value = new URLSearchParams(location.search).get("query") ?? "";
  settled = true;
  show(new URL(location.href), "");
});

// Years by dragging over the histogram.
let from = null;
const yearsAt = (event) => {
  const bars = [...answer.querySelectorAll("[data-years] a")];
  const box = answer.querySelector("[data-years]").getBoundingClientRect();
  const at = Math.floor(((event.clientX - box.left) / box.width) * bars.length);
  return [bars, Math.max(0, Math.min(bars.length - 1, at))];
};

answer.addEventListener("pointerdown", (event) => {
  if (event.button === 0 && event.target.closest("[data-years]")) from = yearsAt(event)[1];
});
answer.addEventListener("dragstart", (event) => event.target.closest("[data-years]") && event.preventDefault());
addEventListener("pointermove", (event) => {
  if (from === null || !answer.querySelector("[data-years]")) return;
  const [bars, to] = yearsAt(event);
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  bars.forEach((bar, n) => bar.querySelector(".bar").classList.toggle("off", n < first || n > last));
});
addEventListener("pointerup", (event) => {
  if (from === null || !answer.querySelector("[data-years]")) return;
  const [bars, to] = yearsAt(event);
  const [first, last] = [Math.min(from, to), Math.max(from, to)];
  from = null;
  if (first === last) return; // a click: the bar is a link
  const years = answer.querySelector(".years form");
  years.elements.year_from.value = bars[first].dataset.first;
  years.elements.year_to.value = bars[last].dataset.last;
  years.requestSubmit();
  say(`${bars[first].dataset.first} to ${bars[last].dataset.last}`);
});
addEventListener("pointercancel", () => (from = null));
