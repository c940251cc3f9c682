// What every tab shares: the page's language and title follow the masthead.

new MutationObserver(() => {
  const language = document.querySelector("[data-page-language]")?.dataset.pageLanguage;
  if (!language || document.documentElement.lang === language) return;
  document.documentElement.lang = language;
  document.title = document.getElementById("page-title").textContent;
}).observe(document.body, { childList: true, subtree: true });
