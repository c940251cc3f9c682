// Which documents to answer from: what is chosen in the form is told to the server, and put back where the form is drawn
// anew, as in another language.

let chosen = {};

const form = () => document.getElementById("narrow-form");
const several = (name) => [...form().querySelectorAll(`[name=${name}]:checked`)].map((box) => box.value);

function tell() {
  chosen = { documents: several("documents"), publishers: several("publishers"), languages: several("languages") };
  for (const day of ["since", "until"]) {
    const value = form().elements[day].value;
    if (value) chosen[day] = value;
  }
  form().dispatchEvent(new CustomEvent("narrow", { detail: chosen, bubbles: true }));
}

function putBack() {
  for (const box of form().querySelectorAll("[type=checkbox]")) box.checked = chosen[box.name]?.includes(box.value) ?? false;
  for (const day of ["since", "until"]) form().elements[day].value = chosen[day] ?? "";
}

document.addEventListener("change", (event) => {
  if (event.target.form?.id === "narrow-form") tell();
});
document.addEventListener("reset", (event) => {
  if (event.target.id === "narrow-form") setTimeout(tell); // once the form is empty
});
document.addEventListener("submit", (event) => {
  if (event.target.id === "narrow-form") event.preventDefault(); // Enter in a date
});

document.addEventListener("focusin", (event) => {
  if (event.target.closest?.("#question")) document.getElementById("narrow")?.removeAttribute("open");
}); // what is chosen stays in sight below the box

new MutationObserver(() => {
  if (!form() || form().dataset.known) return;
  form().dataset.known = "yes";
  putBack();
}).observe(document.body, { childList: true, subtree: true });
