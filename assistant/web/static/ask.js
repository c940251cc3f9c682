// How the conversation behaves: turns are filed from the inbox into the conversation, chips open the cards of their
// sources and preview them. It draws nothing itself: every element comes, escaped, from the server's templates, and what
// it says in one of them it sets as text.

const CHIP = "#log a[data-n]"; // a numbered chip, or a key figure
const found = (id) => document.getElementById(id);
let opener = null; // the chip that was followed last; Escape returns to it

const gently = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");

// ---- turns

function file(inbox) {
  const log = found("log");
  if (!log) return;
  const clear = inbox.querySelector("[data-clear]");
  if (clear) {
    clear.remove();
    log.replaceChildren();
    showSources(null);
    found("announcer").textContent = "";
    found("question")?.querySelector("textarea, input")?.focus();
  }
  const arrived = [...inbox.querySelectorAll("article.turn")];
  for (const turn of arrived) {
    const known = [...log.children].find((one) => one.id === turn.id);
    if (known) known.replaceWith(turn); // moved, not copied: the inbox is empty again for the next update
    else log.append(turn);
  }
  document.body.classList.toggle("has-turns", log.childElementCount > 0);
  if (arrived.length === 1 && arrived[0] === log.lastElementChild) follow(log.lastElementChild);
  else if (arrived.length) showSources(log.lastElementChild);
}

function follow(turn) {
  turn.scrollIntoView({ block: "start", behavior: gently() });
  if (turn.dataset.state === "pending") return;
  showSources(turn);
  found("announcer").textContent = turn.dataset.announce; // once, when the answer is complete
}

// ---- sources

function showSources(turn) {
  const body = found("panel-body");
  const cards = turn?.querySelector("template.turn__sources");
  body.replaceChildren(...(cards ? [cards.content.cloneNode(true)] : []));
  body.dataset.turn = turn?.id ?? "";
  found("panel").classList.toggle("has-sources", Boolean(cards?.content.querySelector(".source")));
  for (const other of document.querySelectorAll("#log .turn")) other.classList.toggle("is-shown", other === turn);
}

function cardOf(chip) {
  const cards = chip.closest("article.turn")?.querySelector("template.turn__sources");
  return cards?.content.querySelector(`.source[data-n="${Number(chip.dataset.n)}"]`);
}

function openSource(chip) {
  hidePreview();
  const turn = chip.closest("article.turn");
  if (found("panel-body").dataset.turn !== turn.id) showSources(turn);
  const card = found(`${turn.id}-source-${chip.dataset.n}`);
  if (!card) return;
  opener = chip;
  for (const other of document.querySelectorAll(".is-current")) other.classList.remove("is-current");
  card.classList.add("is-current");
  chip.classList.add("is-current");
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "start", behavior: gently() });
}

function backToAnswer() {
  const turn = found(found("panel-body").dataset.turn);
  const target = opener?.isConnected ? opener : turn?.querySelector(".chip, .turn__question");
  if (!target) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", behavior: gently() });
}

document.addEventListener(
  "click",
  (event) => {
    const chip = event.target.closest?.(CHIP);
    const back = event.target.closest?.("a.source__back");
    if (!chip && !back) return;
    event.preventDefault();
    if (chip) openSource(chip);
    else backToAnswer();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (previewed) hidePreview();
  else if (found("panel")?.contains(document.activeElement)) backToAnswer();
});

// ---- the preview: what a chip's source says, beside the chip, while chip or preview has pointer or focus

const LINGER = 250; // milliseconds to cross from the chip to its preview
let previewed = null; // the chip whose preview is shown
let leaving = 0;

function showPreview(chip) {
  clearTimeout(leaving);
  const card = cardOf(chip);
  if (!card || chip === previewed) return;
  hidePreview();
  const title = card.querySelector(".source__name");
  const quote = card.querySelector("mark");
  for (const [to, from] of [["preview-title", title], ["preview-quote", quote]]) {
    found(to).textContent = from.textContent;
    found(to).lang = from.closest("[lang]").lang;
  }
  previewed = chip;
  chip.setAttribute("aria-describedby", "preview");
  found("preview").hidden = false;
  placePreview();
}

function hidePreview() {
  clearTimeout(leaving);
  previewed?.removeAttribute("aria-describedby");
  previewed = null;
  if (found("preview")) found("preview").hidden = true;
}

function placePreview() {
  if (!previewed) return;
  if (!previewed.isConnected) return hidePreview();
  const preview = found("preview");
  const at = previewed.getBoundingClientRect();
  const { width, height } = preview.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left - 16, document.documentElement.clientWidth - width - 8));
  const above = at.top - height - 6;
  preview.style.left = `${left}px`;
  preview.style.top = `${above >= 8 ? above : at.bottom + 6}px`;
}

function leavePreview() {
  clearTimeout(leaving);
  leaving = setTimeout(() => {
    const kept = previewed?.matches(":hover") || found("preview").matches(":hover");
    if (!kept && document.activeElement !== previewed) hidePreview();
  }, LINGER);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return; // a tap opens the source itself
  const chip = event.target.closest?.(CHIP);
  if (chip) showPreview(chip);
  else if (previewed) leavePreview();
});
document.addEventListener("focusin", (event) => {
  const chip = event.target.closest?.(CHIP);
  if (chip) showPreview(chip);
  else if (previewed) leavePreview();
});
document.addEventListener("focusout", () => previewed && leavePreview());
document.documentElement.addEventListener("pointerleave", () => previewed && leavePreview());
document.addEventListener("scroll", placePreview, { capture: true, passive: true });
window.addEventListener("resize", placePreview);

// ---- the tab itself

function dressConversation() {
  const panel = found("panel");
  if (!panel || panel.hasAttribute("role")) return;
  panel.setAttribute("role", "region");
  panel.setAttribute("aria-labelledby", "panel-title");
  found("conversation").setAttribute("role", "region");
  found("conversation").setAttribute("aria-labelledby", "page-title");
}

let watched = null;
new MutationObserver(() => {
  dressConversation();
  const inbox = found("inbox");
  if (!inbox || inbox === watched || !found("log")) return;
  watched = inbox;
  new MutationObserver(() => file(inbox)).observe(inbox, { childList: true, subtree: true });
  file(inbox);
}).observe(document.body, { childList: true, subtree: true });
