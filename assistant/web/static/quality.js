// What is unfolded in the tab stays so where it is drawn anew, in place, in another language.

let unfolded = new Set(); // of all that can be unfolded: which, by their order
let language = "";
const folds = () => [...document.querySelectorAll("#quality details")];

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("#quality summary")) return;
  setTimeout(() => (unfolded = new Set(folds().flatMap((one, n) => (one.open ? [n] : []))))); // once the click has done it
});

new MutationObserver(() => {
  const now = document.querySelector("#quality .quality")?.lang;
  if (!now || now === language) return;
  language = now;
  for (const n of unfolded) folds()[n]?.setAttribute("open", "");
}).observe(document.body, { childList: true, subtree: true, attributeFilter: ["lang"] });
