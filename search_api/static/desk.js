// The desk: a form is sent without leaving the page, so that what was pasted outlives a server that does not answer;
// a file can be dropped on the text; a sentence and what was found for it point at each other; what is ticked is
// shown in the draft. Without this script the forms do the same.

import { copy, say } from "./page.js";

const main = () => document.querySelector("[data-main]");
const all = (selector) => [...document.querySelectorAll(selector)];

function tell(form, text, alarm = false) {
  const state = form.querySelector("[data-state], [data-output-state]");
  state.textContent = text;
  state.classList.toggle("alarm", alarm);
}

async function send(form) {
  const button = form.querySelector(".do");
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  tell(form, "Looking through the library …");
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-main]");
    if (!fresh) return tell(form, (page.querySelector("h1 + p") ?? page.body).textContent.trim(), true);
    main().replaceWith(fresh);
    showCited();
    (fresh.querySelector("#found") ?? fresh.querySelector("textarea")).focus({ preventScroll: true });
    if (fresh.querySelector("#found")) scrollTo(0, 0);
  } catch {
    tell(form, "The server does not answer. What you pasted is still here; try again.", true);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** The draft as it would be saved, for the clipboard. */
async function copyOutput(form) {
  if (form.elements.format.value === "docx") return say("A Word document cannot be copied; save it");
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "text/html" } });
    const type = response.headers.get("Content-Type") ?? "";
    if (!response.ok) throw new Error(response.status);
    if (type.startsWith("application/zip")) return say("This form has a bibliography beside it; save it");
    copy(await response.text(), "Draft with citations");
  } catch {
    tell(form, "The draft could not be made; try again.", true);
  }
}

/** What is ticked, behind its sentence in the draft, and counted. */
function showCited() {
  const ticked = all("[data-cite]:checked");
  for (const place of all("[data-put]")) {
    const words = ticked.filter((box) => box.dataset.cite === place.dataset.put).map((box) => box.dataset.words);
    place.textContent = words.length ? ` (${words.join("; ")})` : "";
  }
  const said = document.querySelector("[data-accepted]");
  if (said) said.textContent = `${ticked.length || "No"} ${ticked.length === 1 ? "citation" : "citations"} accepted, of ${all("[data-cite]").length} suggested.`;
}

function light(event) {
  const number = event.target.closest?.("[data-sentence]")?.dataset.sentence;
  for (const one of all("[data-sentence]")) one.classList.toggle("on", one.dataset.sentence === number);
  const paper = document.querySelector("[data-paper]");
  const claim = number && event.target.closest(".card") && paper.querySelector(`[data-sentence="${number}"]`);
  if (claim && paper.scrollHeight > paper.clientHeight) paper.scrollTop = claim.offsetTop - paper.offsetTop - paper.clientHeight / 3;
}

document.addEventListener("pointerover", light);
document.addEventListener("focusin", light);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-cite]")) showCited();
  if (event.target.matches("[data-desk] input[type=file]") && event.target.files.length) send(event.target.form);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-desk]")) return;
  event.preventDefault();
  send(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy-output]");
  if (button) copyOutput(button.form);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) event.target.form.requestSubmit();
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const field = event.target.closest?.("[data-desk] textarea");
    if (!field) return;
    field.classList.toggle("over", kind === "dragover");
    if (kind === "dragleave" || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    if (kind === "drop" && event.dataTransfer.files.length) {
      field.form.elements.file.files = event.dataTransfer.files;
      send(field.form);
    }
  });
}
showCited();
