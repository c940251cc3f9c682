// A source in full, beside the answer: its whole document at the cited sentence, and a PDF's page as large as the window.
// The document comes, escaped, from the library's templates; messages are set as text.

const found = (id) => document.getElementById(id);
const words = () => document.querySelector("#panel .panel__head").dataset;
const gently = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
const plain = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
let card = null; // whose document is shown; closing returns to it
let asked = 0; // which request is the latest

// ---- the whole document

function made(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

async function fetched({ id, start, end }) {
  const holder = document.createElement("template");
  try {
    const query = new URLSearchParams({ id, start, end, language: document.documentElement.lang });
    const reply = await fetch(`/library/document?${query}`);
    if (!reply.ok) throw new Error(reply.statusText);
    holder.innerHTML = await reply.text(); // from the server's templates, which escape
  } catch {
    holder.content.append(made("p", "whole__note", words().unreachable));
  }
  return holder.content;
}

async function openWhole(button) {
  const mine = ++asked;
  card = button.closest(".source");
  const whole = found("panel-whole");
  const back = made("button", "whole__back", words().back);
  const bar = made("header", "whole__bar", "");
  back.type = "button";
  bar.append(back);
  whole.replaceChildren(bar, made("p", "whole__note", words().opening));
  whole.hidden = false;
  found("panel").classList.add("is-reading");
  back.focus({ preventScroll: true });
  const drawn = await fetched(button.dataset);
  if (mine !== asked) return;
  const title = made("h3", "whole__title", card.querySelector(".source__name").textContent);
  title.id = "whole-title";
  title.lang = card.querySelector(".source__title").lang;
  const text = drawn.querySelector(".reading") ?? drawn; // or why it cannot be shown
  bar.append(title);
  whole.replaceChildren(bar, text);
  const place = whole.querySelector(".reading__sought");
  const marked = plain([...whole.querySelectorAll(".reading__sought")].map((one) => one.textContent).join(" "));
  if (text !== drawn && !marked.includes(plain(card.querySelector("mark").textContent))) return sayChanged(whole, bar);
  (place ?? back).focus({ preventScroll: true });
  (place ?? whole).scrollIntoView({ block: place ? "center" : "start", behavior: gently() });
}

/** What stands there now is not what was cited. */
function sayChanged(whole, bar) {
  for (const one of whole.querySelectorAll(".reading__sought")) one.replaceWith(...one.childNodes);
  bar.after(made("p", "whole__note whole__note--changed", words().changed));
}

function closeWhole() {
  asked++;
  found("panel-whole").hidden = true;
  found("panel-whole").replaceChildren();
  found("panel").classList.remove("is-reading");
}

function backToCard() {
  const target = card?.isConnected ? card.querySelector(".source__whole") : null;
  closeWhole();
  target?.focus({ preventScroll: true });
  card?.scrollIntoView({ block: "start", behavior: gently() });
}

const isReading = () => found("panel")?.classList.contains("is-reading");
document.addEventListener("sources", () => isReading() && closeWhole());

// ---- a page, as large as the window

function openPage(button) {
  const dialog = document.createElement("dialog");
  const close = made("button", "large__close", button.dataset.larger);
  const sheet = button.closest(".sheet");
  const page = sheet.querySelector(".sheet__page").cloneNode(true);
  const scroll = document.createElement("div");
  close.type = "button";
  close.onclick = () => dialog.close();
  dialog.className = "large";
  dialog.setAttribute("aria-label", sheet.querySelector(".sheet__caption").textContent);
  scroll.className = "large__scroll";
  scroll.tabIndex = 0; // to be scrolled by keyboard
  scroll.append(page);
  dialog.append(close, scroll);
  dialog.onclose = () => {
    dialog.remove();
    if (button.isConnected) button.focus({ preventScroll: true });
  };
  found("panel").append(dialog);
  dialog.showModal();
  scroll.scrollTop = page.querySelector(".sheet__mark").offsetTop - scroll.clientHeight / 3;
}

document.addEventListener("click", (event) => {
  const whole = event.target.closest?.("#panel .source__whole");
  const larger = event.target.closest?.("#panel [data-larger]");
  if (whole) openWhole(whole);
  else if (larger) openPage(larger);
  else if (event.target.closest?.("#panel .whole__back")) backToCard();
});

document.addEventListener(
  "keydown",
  (event) => {
    const on = document.activeElement;
    if (document.querySelector("dialog.large[open]")) event.stopPropagation(); // Escape closes it and nothing else
    else if (event.key === "Escape" && isReading() && found("panel").contains(on)) {
      event.stopPropagation();
      backToCard();
    }
  },
  true,
);
