// The map by keyboard: one stop for Tab, arrows go to the nearest passage in their direction, and the title of
// what is pointed at stands under the map. Without this script every passage is a stop, and titles are tooltips.

import "./page.js";

const plane = document.querySelector("[data-map]");
const under = document.querySelector("[data-under]");
const legend = under.textContent;
const dots = [...plane.querySelectorAll("circle")];
const linkOf = (dot) => dot.parentNode;
const placeOf = (dot) => [dot.cx.baseVal.value, dot.cy.baseVal.value];

dots.slice(1).forEach((dot) => linkOf(dot).setAttribute("tabindex", "-1"));

function point(event) {
  const title = event.target.closest("a")?.querySelector("title");
  under.textContent = title ? title.textContent : legend;
}
plane.addEventListener("pointerover", point);
plane.addEventListener("focusin", point);
plane.addEventListener("pointerleave", () => (under.textContent = legend));

const directions = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
plane.addEventListener("keydown", (event) => {
  const direction = directions[event.key];
  const from = event.target.querySelector("circle");
  if (!direction || !from) return;
  event.preventDefault();
  const [x, y] = placeOf(from);
  let [best, least] = [null, Infinity];
  for (const dot of dots) {
    const [dx, dy] = [placeOf(dot)[0] - x, placeOf(dot)[1] - y];
    const along = dx * direction[0] + dy * direction[1];
    const aside = Math.abs(dx * direction[1]) + Math.abs(dy * direction[0]);
    if (along > 0 && along + 2 * aside < least) [best, least] = [dot, along + 2 * aside];
  }
  if (!best) return;
  event.target.setAttribute("tabindex", "-1");
  linkOf(best).setAttribute("tabindex", "0");
  linkOf(best).focus();
});
