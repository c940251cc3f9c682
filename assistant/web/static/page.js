// What every tab shares: the page's language and title follow the masthead, and its language switch is one group.

// Gradio changes what it draws in place: of the header's language, only an attribute.
new MutationObserver(() => {
  groupLanguages();
  const language = document.querySelector("[data-page-language]")?.dataset.pageLanguage;
  if (!language || document.documentElement.lang === language) return;
  document.documentElement.lang = language;
  document.title = document.getElementById("page-title").textContent;
}).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-page-language"] });

// Gradio names each radio button on its own; with one name, arrow keys move between them and they are counted as three.
function groupLanguages() {
  const group = document.getElementById("language");
  if (!group?.querySelector("input:not([name='page-language'])")) return;
  for (const input of group.querySelectorAll("input")) input.name = "page-language";
  const label = group.querySelector("[data-testid='block-info']");
  if (!label) return;
  label.id = "language-label";
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-labelledby", label.id);
}

// On paper it says when that was.
window.addEventListener("beforeprint", () => {
  const line = document.getElementById("printed");
  const when = new Date().toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  if (line) line.textContent = line.dataset.said.replace("{when}", when);
});
