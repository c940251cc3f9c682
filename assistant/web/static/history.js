// The list of the conversations that this browser keeps: opened again, deleted, or kept no longer. What was asked is set
// as text; a kept turn is shown as clean.js lets it.

import { showTurns } from "./ask.js";
import { cleaned } from "./clean.js";
import * as kept from "./kept.js";
import { record } from "./record.js";

const FOLLOWED = 6; // turns that a follow-up may lean on, as in ask/turns.py
const found = (id) => document.getElementById(id);
const words = () => found("kept-list").dataset;
let isOpen = false;
let undoes = []; // what was deleted last, until the list is closed or something else is asked

// ---- the list

function draw() {
  const list = kept.conversations();
  found("kept-count").textContent = list.length ? `(${list.length})` : "";
  if (isOpen) found("kept-rows").replaceChildren(...list.map(row));
  found("kept-nothing").checked = !kept.isKeeping();
  found("kept-nothing").disabled = !kept.canKeep();
  found("kept-list").querySelector("[data-kept=delete-all]").hidden = !list.length;
  found("kept-list").querySelector("[data-kept=undo]").hidden = !undoes.length;
  found("kept-note").textContent = note(list);
}

function note(list) {
  if (!kept.canKeep()) return words().refused;
  if (!kept.isKeeping()) return words().off;
  return list.length ? words().here : words().none;
}

function row(one) {
  const drawn = found("kept-row").content.cloneNode(true).firstElementChild;
  const asked = one.last - one.first + 1;
  const day = new Intl.DateTimeFormat(found("kept-list").lang, { dateStyle: "long" }).format(one.when);
  drawn.dataset.id = one.id;
  drawn.querySelector(".kept__question").textContent = one.question;
  drawn.querySelector(".kept__when").textContent =
    `${day} · ${asked === 1 ? words().one : words().many.replace("{n}", asked)}`;
  if (one.id === kept.currentId()) drawn.querySelector("[data-kept=open]").setAttribute("aria-current", "true");
  const away = drawn.querySelector("[data-kept=delete]");
  away.textContent = words().delete; // set here: another language does not reach into a <template>
  away.setAttribute("aria-label", words().deleteThis.replace("{question}", () => one.question));
  return drawn;
}

function unfold(isWanted) {
  isOpen = isWanted;
  found("kept-toggle").setAttribute("aria-expanded", String(isOpen));
  found("kept-list").hidden = !isOpen;
  if (!isOpen) undoes = [];
  if (!isOpen) found("kept-said").textContent = "";
  draw();
}

// ---- opened again: the server takes up what follow-ups need, and says so in the inbox; then the turns are shown

function ask(id) {
  const entry = kept.conversations().find((one) => one.id === id);
  if (!entry) return draw(); // deleted in another window
  const turns = shown(entry).slice(-FOLLOWED);
  const said = turns.map((turn) => [turn.querySelector(".turn__question").textContent, record(turn, "said")]);
  const detail = { conversation: entry.id, last: entry.last, turns: said };
  found("kept-list").dispatchEvent(new CustomEvent("reopen", { detail, bubbles: true }));
}

const shown = (entry) =>
  kept.turnsOf(entry).map(([n, html]) => cleaned(html, n)).filter((turn) => turn?.querySelector(".turn__question"));

document.addEventListener("conversation", ({ detail: id }) => {
  const entry = kept.conversations().find((one) => one.id === id);
  kept.goOnWith(entry ?? null);
  if (!entry) return draw();
  showTurns(shown(entry));
  unfold(false);
  const last = found("log").lastElementChild;
  last?.querySelector(".turn__question").focus({ preventScroll: true });
  last?.scrollIntoView({ block: "start" });
});

document.addEventListener("answered", ({ detail: turn }) => {
  undoes = [];
  found("kept-said").textContent = "";
  kept.keep(Number(turn.id.slice("turn-".length)), turn.querySelector(".turn__question").textContent, turn.outerHTML);
  draw();
});

// ---- deleted

function remove(ids) {
  undoes = kept.remove(ids);
  found("kept-said").textContent = words().deleted;
  if (ids.includes(kept.currentId())) found("new-chat").click(); // what is deleted does not stay on the page either
  draw();
}

function undo() {
  kept.putBack(undoes);
  if (!kept.isKeeping()) kept.keepNothing(false);
  undoes = [];
  found("kept-said").textContent = "";
  draw();
}

const all = () => kept.conversations().map((one) => one.id);

function act(button) {
  const id = button.closest(".kept__row")?.dataset.id;
  const place = [...found("kept-rows").children].indexOf(button.closest(".kept__row"));
  if (button.dataset.kept === "open") return ask(id);
  if (button.dataset.kept === "delete") remove([id]);
  if (button.dataset.kept === "delete-all") remove(all());
  if (button.dataset.kept === "undo") undo();
  const next = found("kept-rows").children[Math.max(0, place)]?.querySelector("[data-kept=delete]");
  (next ?? (undoes.length ? found("kept-list").querySelector("[data-kept=undo]") : found("kept-nothing"))).focus();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#kept-toggle")) return unfold(!isOpen);
  const button = event.target.closest?.("[data-kept]");
  if (button) act(button);
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "kept-nothing") return;
  const isWanted = event.target.checked;
  kept.keepNothing(isWanted);
  if (isWanted && all().length) remove(all());
  draw();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !found("kept-list")?.contains(document.activeElement)) return;
  unfold(false);
  found("kept-toggle").focus();
});

window.addEventListener("storage", () => found("kept-list") && draw()); // another window kept or deleted one

new MutationObserver(() => {
  if (found("kept-note")?.textContent !== "") return;
  unfold(isOpen); // each language brings the list anew: closed, and empty
}).observe(document.body, { childList: true, subtree: true });
