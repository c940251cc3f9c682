// Answers for the record: one copied, a conversation as one file of Markdown, or on paper.

/** An answer as the server wrote it down, in a format; "" where it has none. */
export const record = (turn, format) =>
  turn.querySelector(`template.turn__record[data-format="${format}"]`)?.content.textContent ?? "";

async function copy(button) {
  const turn = button.closest("article.turn");
  const told = turn.querySelector(".turn__copied");
  const done = await put(record(turn, button.dataset.copy));
  told.textContent = done ? told.dataset.done : told.dataset.failed;
}

async function put(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed here: the older way is tried
    }
  }
  const aside = document.createElement("textarea"); // a page that is not served over https has no clipboard of its own
  const before = document.activeElement;
  aside.className = "unseen";
  aside.value = text;
  document.body.append(aside);
  aside.select();
  const done = document.execCommand("copy");
  aside.remove();
  before?.focus();
  return done;
}

function save() {
  const turns = [...document.querySelectorAll("#log article.turn")].map((turn) => record(turn, "markdown"));
  const kept = turns.filter(Boolean);
  if (!kept.length) return;
  const now = new Date();
  const head = `# ${document.title}\n\n${now.toLocaleString(document.documentElement.lang)}\n\n`;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([head + kept.join("\n")], { type: "text/markdown" }));
  link.download = `${now.toISOString().slice(0, 16).replace(/[-:]/g, "")}.md`;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (button) copy(button);
  else if (event.target.closest?.("#save-chat")) save();
  else if (event.target.closest?.("#print-chat")) window.print();
});

// ---- on paper, or as a PDF: the browser prints the conversation, with the sources of each answer below it

window.addEventListener("beforeprint", () => {
  takeAway();
  for (const turn of document.querySelectorAll("#log article.turn")) {
    const cards = turn.querySelector("template.turn__sources");
    if (cards?.content.querySelector(".source")) turn.append(printed(cards));
  }
});
window.addEventListener("afterprint", takeAway);

function takeAway() {
  for (const one of document.querySelectorAll(".turn__printed")) one.remove();
}

function printed(cards) {
  const section = document.createElement("section");
  const title = document.createElement("h3");
  section.className = "turn__printed";
  title.className = "printed__title";
  title.textContent = cards.content.querySelector(".sources__kind")?.textContent ?? document.getElementById("panel-title").textContent;
  section.append(title, cards.content.querySelector(".sources").cloneNode(true));
  for (const named of section.querySelectorAll("[id], [aria-labelledby]")) {
    named.removeAttribute("id"); // the panel has it
    named.removeAttribute("aria-labelledby");
  }
  for (const link of section.querySelectorAll(".source__links")) link.replaceWith(address(link));
  for (const sheet of section.querySelectorAll(".sheet")) sheet.remove();
  return section;
}

/** Where the original is to be found, as text. */
function address(links) {
  const line = document.createElement("p");
  line.className = "source__address";
  line.textContent = links.querySelector(".source__open")?.href ?? "";
  return line;
}
