// What every page does with a script: copy, keep, keys, a chosen style used at once.
// Events are taken at the document, so that what is put into the page later works as well.

const KEPT = "footnote.list";
const said = document.querySelector("[data-said]");
let silence = 0;

/** Tells the reader what happened, for two seconds. */
export function say(text) {
  clearTimeout(silence);
  said.textContent = text;
  said.classList.add("on");
  silence = setTimeout(() => said.classList.remove("on"), 2000);
}

/** The reading list: ids of sources in the order in which they were kept. */
export function kept() {
  try {
    const ids = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export function keep(ids) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(ids));
  } catch {
    say("This browser keeps nothing: its storage is off or full");
  }
  showKept();
}

/** Brings the count and every Keep button in line with the list. */
export function showKept() {
  const ids = kept();
  document.querySelector("[data-list-count]").textContent = ids.length || "";
  for (const button of document.querySelectorAll("[data-keep]")) {
    const on = ids.includes(sourceOf(button));
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? "Kept" : "Keep";
  }
}

function sourceOf(element) {
  return (element.closest("[data-source]") ?? document.querySelector("[data-source]"))?.dataset.source;
}

/** The quote with what must go with it: warnings first, whose words they are, the citation, the address. */
export function quoteOf(part) {
  const texts = (selector) => [...part.querySelectorAll(selector)].map((e) => e.textContent.trim());
  const quote = part.querySelector("[data-quote]");
  const selected = String(getSelection()).trim();
  const within = quote && selected && quote.contains(getSelection().anchorNode) && quote.contains(getSelection().focusNode);
  const words = within ? selected : quote ? quote.textContent : texts(".text mark").join("\n");
  const address = part.querySelector("h3 a")?.href ?? location.href;
  const lines = [...texts("[data-warning]"), `“${words}”`, ...texts("[data-words]").map((w) => `(${w})`)];
  return [...lines, ...texts("[data-citation]"), address].join("\n");
}

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.body.appendChild(document.createElement("textarea"));
    field.value = text;
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  say(`${what} copied`);
}

function copyFrom(button) {
  const part = button.closest(".result > article") ?? document.getElementById("main");
  if (button.dataset.copy === "quote") copy(quoteOf(part), "Quote with its citation");
  else copy(part.querySelector("[data-citation]").textContent.trim(), "Citation");
}

function toggleKept(button) {
  const id = sourceOf(button);
  const ids = kept();
  keep(ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id]);
  say(ids.includes(id) ? "Taken off the reading list" : "Kept in the reading list");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-keep]");
  if (button) button.matches("[data-copy]") ? copyFrom(button) : toggleKept(button);
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-style]")) event.target.form.requestSubmit();
});

function move(step) {
  const all = [...document.querySelectorAll(".result > article")];
  const at = all.findIndex((article) => article.classList.contains("at"));
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
  if (!next) return;
  all[at]?.classList.remove("at");
  next.classList.add("at");
  next.focus({ preventScroll: true });
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  next.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.getElementById("query");
  if (event.key === "Escape" && document.activeElement === field) return field.blur();
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const at = document.querySelector(".result > article.at") ?? document.querySelector(".source article");
  if (event.key === "/" && field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "c" && at && document.querySelector("[data-copy=quote]")) {
    copy(quoteOf(at.closest(".result") ? at : document.getElementById("main")), "Quote with its citation");
  }
});

addEventListener("storage", showKept);
addEventListener("pageshow", showKept);
showKept();
