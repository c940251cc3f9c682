// A thumb up or down below an answer. It is sent at once; a thumb down asks why, and sends that too.

import { record } from "./record.js";

const found = (id) => document.getElementById(id);

document.addEventListener("click", (event) => {
  const thumb = event.target.closest?.("[data-verdict]");
  if (!thumb) return;
  const turn = thumb.closest("article.turn");
  close();
  press(turn, thumb.dataset.verdict);
  if (thumb.dataset.verdict === "down") ask(turn);
  send(turn, { verdict: thumb.dataset.verdict });
});

document.addEventListener("submit", async (event) => {
  if (!event.target.matches(".reasons")) return;
  event.preventDefault();
  const form = event.target;
  const turn = form.closest("article.turn");
  const reason = form.querySelector("[name=reason]:checked")?.value ?? "";
  const isKept = await send(turn, { verdict: "down", reason, comment: form.querySelector("textarea").value.trim() });
  if (!isKept || !form.isConnected) return; // what was written stays where it is
  close();
  turn.querySelector("[data-verdict=down]").focus();
});

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && document.activeElement?.closest(".reasons");
  if (!form) return;
  const thumb = form.closest("article.turn").querySelector("[data-verdict=down]");
  close();
  thumb.focus();
});

// In another language an answer is drawn anew, and keeps what was said of it.
document.addEventListener("redrawn", ({ detail: { from, to } }) => {
  const pressed = from.querySelector("[data-verdict][aria-pressed=true]");
  if (pressed) press(to, pressed.dataset.verdict);
});

function press(turn, verdict) {
  for (const thumb of turn.querySelectorAll("[data-verdict]")) {
    thumb.setAttribute("aria-pressed", String(thumb.dataset.verdict === verdict));
  }
}

/** Ask why, below an answer; of the reasons, those that fit one that was given or one that was not. */
function ask(turn) {
  const form = found("feedback-form").firstElementChild.cloneNode(true);
  const other = ["abstained", "blank"].includes(turn.dataset.state) ? "answered" : "abstained";
  for (const choice of form.querySelectorAll(`[data-fits=${other}]`)) choice.remove();
  turn.querySelector(".verdict__more").replaceChildren(form);
  turn.querySelector(".reasons [name=reason]").focus();
}

function close() {
  for (const form of document.querySelectorAll("#log .reasons")) form.remove();
}

async function send(turn, judged) {
  const told = turn.querySelector(".turn__copied");
  const body = JSON.stringify({
    answer_id: turn.querySelector(".verdict").dataset.answer,
    question: turn.querySelector(".turn__question").textContent,
    answer: record(turn, "said"),
    ...judged,
  });
  const language = turn.querySelector(".verdict__more").lang;
  let reply = { ok: false, message: found("feedback-form").dataset.unreachable };
  try {
    const came = await fetch(`/feedback?language=${encodeURIComponent(language)}`, { method: "POST", body });
    reply = { ok: came.ok, ...(await came.json()) };
  } catch {
    // the message above says so
  }
  if (!reply.ok) press(turn, "");
  told.textContent = reply.message;
  return reply.ok;
}
