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
});
