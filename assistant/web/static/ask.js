// How the conversation behaves: turns are filed from the inbox into the conversation, chips open the cards of their
// sources and preview them. It draws nothing itself: every element comes, escaped, from the server's templates, and what
// it says in one of them it sets as text. It tells the other scripts of an answer ("answered", the turn), of another
// conversation ("conversation", the id of one that is opened again, or ""), of a turn drawn anew ("redrawn", from and to),
// and that the cards of sources are wanted ("sources").

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
    showTurns([]);
    found("question")?.querySelector("textarea, input")?.focus();
    tell("conversation", clear.dataset.open ?? ""); // history.js shows the turns of one that is opened again
  }
  const arrived = [...inbox.querySelectorAll("article.turn")];
  for (const turn of arrived) {
    const known = [...log.children].find((one) => one.id === turn.id);
    if (known) {
      known.replaceWith(turn); // moved, not copied: the inbox is empty again for the next update
      tell("redrawn", { from: known, to: turn });
    }
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
  tell("answered", turn);
}

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

/** Show these turns, already drawn, instead of those on the page. */
export function showTurns(turns) {
  const log = found("log");
  log.replaceChildren(...turns);
  document.body.classList.toggle("has-turns", turns.length > 0);
  found("announcer").textContent = "";
  showSources(log.lastElementChild);
}

// ---- sources

function showSources(turn) {
  tell("sources");
  const body = found("panel-body");
  const cards = turn?.querySelector("template.turn__sources");
  body.replaceChildren(...(cards ? [cards.content.cloneNode(true)] : []));
  body.dataset.turn = turn?.id ?? "";
  found("panel").classList.toggle("has-sources", Boolean(cards?.content.querySelector(".source")));
  showPlace();
  body.querySelectorAll(".sheet__window").forEach(centreMark);
  for (const other of document.querySelectorAll("#log .turn")) other.classList.toggle("is-shown", other === turn);
}

function centreMark(sheet) {
  const marks = [...sheet.querySelectorAll(".sheet__mark")];
  sheet.scrollTop = marks[0].offsetTop - sheet.clientHeight / 3;
  sheet.scrollLeft = Math.min(...marks.map((mark) => mark.offsetLeft)) - 16; // of a sentence that wraps: its margin
}

document.addEventListener(
  "error",
  (event) => {
    // The file has changed since the answer was given: the passage stays, the picture goes.
    if (event.target.matches?.(".sheet__image")) event.target.closest(".sheet").remove();
  },
  true,
);

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
  markCurrent(card, chip);
  card.focus({ preventScroll: true });
}

function markCurrent(card, chip) {
  tell("sources");
  opener = chip;
  for (const other of document.querySelectorAll(".is-current")) other.classList.remove("is-current");
  card.classList.add("is-current");
  chip?.classList.add("is-current");
  bringIntoView(card);
  showPlace();
}

function bringIntoView(card) {
  // From its top, so that its title is read first; in a passage too long for that, at the sentence marked in it.
  const top = card.getBoundingClientRect().top;
  const sentence = card.querySelector(".source__passage mark");
  const room = Math.min(found("panel").clientHeight, innerHeight);
  const far = !card.querySelector(".sheet") && sentence?.getBoundingClientRect().bottom - top > room;
  (far ? sentence : card).scrollIntoView({ block: far ? "center" : "start", behavior: gently() });
}

function backToAnswer() {
  const turn = found(found("panel-body").dataset.turn);
  const target = opener?.isConnected ? opener : turn?.querySelector(".chip, .turn__question");
  if (!target) return;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", behavior: gently() });
}

// ---- from citation to citation: n and p on a chip or in the panel, and two buttons there

const sourcesShown = () => [...document.querySelectorAll("#panel-body .source")];

function stepSource(by) {
  const cards = sourcesShown();
  const now = cards.findIndex((card) => card.classList.contains("is-current"));
  const card = cards[now < 0 ? 0 : now + by];
  if (!card) return null;
  const turn = found(found("panel-body").dataset.turn);
  markCurrent(card, turn?.querySelector(`a[data-n="${Number(card.dataset.n)}"]`));
  return card;
}

function stepChip(chip, by) {
  const chips = [...document.querySelectorAll(CHIP)];
  const next = chips[chips.indexOf(chip) + by];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest", behavior: gently() });
}

function showPlace() {
  const steps = found("panel-steps");
  if (!steps) return;
  const cards = sourcesShown();
  const now = cards.findIndex((card) => card.classList.contains("is-current"));
  steps.hidden = cards.length < 2;
  const place = `${now < 0 ? "–" : now + 1} / ${cards.length}`;
  if (found("panel-place").textContent !== place) found("panel-place").textContent = place;
  for (const button of steps.querySelectorAll("button")) {
    const last = Number(button.dataset.step) < 0 ? now <= 0 : now === cards.length - 1;
    button.setAttribute("aria-disabled", String(last));
  }
}

document.addEventListener("keydown", (event) => {
  const by = { n: 1, p: -1 }[event.key];
  const on = document.activeElement;
  if (!by || event.ctrlKey || event.altKey || event.metaKey || on.matches("input, textarea, [contenteditable]")) return;
  if (on.matches(CHIP)) stepChip(on, by);
  else if (on.closest("#panel")) stepSource(by)?.focus({ preventScroll: true });
  else return;
  event.preventDefault();
});

document.addEventListener(
  "click",
  (event) => {
    const step = event.target.closest?.("#panel-steps button");
    if (step) {
      // The focus stays on the button, to be pressed again; so a screen reader is told where that led.
      const card = stepSource(Number(step.dataset.step));
      if (card) found("announcer").textContent = card.querySelector(".source__title").textContent;
      return;
    }
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

// ---- what to ask next

document.addEventListener("click", (event) => {
  const question = event.target.closest?.("#log [data-ask]")?.dataset.ask;
  if (!question) return;
  const box = found("question")?.querySelector("textarea");
  found("log").dispatchEvent(new CustomEvent("ask", { detail: { question }, bubbles: true }));
  if (event.detail === 0) box?.focus({ preventScroll: true }); // by keyboard: the button goes once there is an answer
});

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
  if (found("panel-place")?.textContent === "") showPlace(); // each language brings the panel's head anew
  const inbox = found("inbox");
  if (!inbox || inbox === watched || !found("log")) return;
  watched = inbox;
  new MutationObserver(() => file(inbox)).observe(inbox, { childList: true, subtree: true });
  file(inbox);
}).observe(document.body, { childList: true, subtree: true });
