// The reading list's page: asked for with the ids that this browser keeps, where the address names none.

import { kept, showKept } from "./page.js";

async function fill() {
  const ids = kept();
  if (location.search || !ids.length) return;
  const form = new URLSearchParams(ids.map((id) => ["id", id]));
  try {
    const response = await fetch(location.pathname, { method: "POST", body: form, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    showKept();
  } catch {
    document.querySelector("[data-empty]").textContent =
      `The server does not answer. ${ids.length} sources are kept in this browser; load the page again to see them.`;
  }
}

fill();
