// How the conversation behaves: turns are filed from the inbox into the conversation, chips open the cards of their sources.
// It draws nothing itself: every element comes, escaped, from the server's templates.

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

function openSource(chip) {
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
    const chip = event.target.closest?.("a.chip");
    const back = event.target.closest?.("a.source__back");
    if (!chip && !back) return;
    event.preventDefault();
    if (chip) openSource(chip);
    else backToAnswer();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && found("panel")?.contains(document.activeElement)) backToAnswer();
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
  const inbox = found("inbox");
  if (!inbox || inbox === watched || !found("log")) return;
  watched = inbox;
  new MutationObserver(() => file(inbox)).observe(inbox, { childList: true, subtree: true });
  file(inbox);
}).observe(document.body, { childList: true, subtree: true });
