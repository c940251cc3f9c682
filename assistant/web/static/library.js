// How the library behaves: it asks the server for the list, a document or the disagreements, and sends it files.
// What it shows comes, escaped, from the server's templates; a file's name and a message are set as text.

const found = (id) => document.getElementById(id);
const frame = () => found("library");
const words = () => frame().dataset;
const gently = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const opened = []; // what stands in the pane, the last on top: {path, query, opener}
const queue = []; // files on their way: {file, row, replace}
let listing = 0; // which request for the list is the latest
let showing = 0; // and which for the pane
let isSending = false;
let isFollowing = false;
let arrived = 0; // files taken in since the last indexing
let undoes = ""; // what Undo puts back

// ---- asking the server

const address = (path, query = {}) => `/library/${path}?${new URLSearchParams({ ...query, language: words().language })}`;

async function drawn(path, query) {
  const holder = document.createElement("template");
  try {
    const reply = await fetch(address(path, query));
    if (!reply.ok) throw new Error(reply.statusText);
    holder.innerHTML = await reply.text(); // from the server's templates, which escape
  } catch {
    const line = document.createElement("p");
    line.className = "library__wait";
    line.textContent = words().unreachable;
    holder.content.append(line);
  }
  return holder.content;
}

async function done(path, query) {
  try {
    const reply = await fetch(address(path, query), { method: "POST" });
    return { ok: reply.ok, ...(await reply.json()) };
  } catch {
    return { ok: false, message: words().unreachable };
  }
}

function say(message, token = "") {
  found("library-said").textContent = message;
  undoes = token;
  if (found("library-undo")) found("library-undo").hidden = !token;
}

// ---- the list

async function list() {
  const mine = ++listing;
  found("library-list")?.querySelector("[data-unlisted]")?.removeAttribute("data-unlisted");
  const fresh = await drawn("documents");
  if (mine !== listing || !frame()) return;
  const home = found("library-list");
  const held = home.contains(document.activeElement) ? { ...document.activeElement.dataset } : null;
  const wasOpen = home.querySelector(".removed")?.open ?? false;
  home.replaceChildren(fresh);
  if (wasOpen && home.querySelector(".removed")) home.querySelector(".removed").open = true;
  if (held) (button(held.do, held.id) ?? found("library-filter")).focus();
  mark();
  filter();
}

const button = (what, id) =>
  [...found("library-list").querySelectorAll("button[data-id]")].find((one) => one.dataset.do === what && one.dataset.id === id);

function filter() {
  const wanted = found("library-filter").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...found("library-list").querySelectorAll(".documents__row")];
  for (const row of rows) {
    const text = row.textContent.toLocaleLowerCase();
    row.hidden = !wanted.every((word) => text.includes(word));
  }
  const count = found("library-count");
  if (!count) return;
  const shown = rows.filter((row) => !row.hidden).length;
  count.dataset.whole ??= count.textContent;
  count.textContent = wanted.length ? words().shown.replace("{n}", shown).replace("{all}", rows.length) : count.dataset.whole;
  found("library-none").hidden = shown > 0;
}

function mark() {
  const top = opened.at(-1);
  for (const row of found("library-list").querySelectorAll(".documents__row"))
    row.classList.toggle("is-open", top?.path === "document" && row.dataset.id === top.query.id);
}

// ---- the pane beside it

function open(path, query, opener) {
  if (!opener.closest("#library-pane")) opened.length = 0;
  opened.push({ path, query, opener: { do: opener.dataset.do, id: opener.dataset.id } });
  show(true);
}

async function show(isToFocus) {
  const mine = ++showing;
  const pane = found("library-pane");
  const top = opened.at(-1);
  mark();
  found("library-columns").classList.toggle("has-pane", Boolean(top));
  pane.hidden = !top;
  if (!top) return pane.replaceChildren();
  pane.replaceChildren(found("library-pane-wait").firstElementChild.cloneNode(true));
  const fresh = await drawn(top.path, top.query);
  if (mine !== showing || !pane.isConnected) return;
  pane.replaceChildren(fresh);
  const sought = pane.querySelector(".reading__sought");
  pane.classList.toggle("is-whole", Boolean(sought));
  if (!isToFocus) return;
  const target = sought ?? found("pane-title");
  target?.focus({ preventScroll: true });
  (sought ?? pane).scrollIntoView({ block: sought ? "center" : "start", behavior: gently() });
}

async function back() {
  const left = opened.pop();
  await show(true);
  if (opened.length || !left) return;
  const target = button(left.opener.do, left.opener.id) ?? found(`library-${left.path}`) ?? found("library-filter");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center", behavior: gently() });
}

// ---- indexing

function stage(now) {
  const progress = found("library-progress");
  found("library-indexing").hidden = !now.message;
  found("library-indexing").dataset.state = now.state;
  found("library-stage").textContent = now.message;
  progress.hidden = now.state !== "running";
  if (now.total) {
    progress.max = now.total;
    progress.value = now.done;
  } else progress.removeAttribute("value");
  if (found("library-reindex")) found("library-reindex").disabled = now.state === "running";
}

async function follow() {
  if (isFollowing) return;
  isFollowing = true;
  let now = { state: "running" };
  try {
    while (now.state === "running") {
      now = await (await fetch(address("indexing"))).json();
      stage(now);
      if (now.state === "running") await pause(300);
    }
  } catch {
    now = { state: "failed", message: words().unreachable };
    stage(now);
  }
  isFollowing = false;
  found("library-announce").textContent = now.message;
  frame().dispatchEvent(new CustomEvent("indexed", { bubbles: true })); // the other tabs speak of the documents too
  list();
}

async function reindex() {
  const now = await done("indexing");
  if (now.ok) follow();
  else say(now.message);
}

// ---- removing and putting back

function confirmRemoval(id) {
  const dialog = found("library-confirm");
  dialog.dataset.id = id;
  found("confirm-name").textContent = id;
  dialog.showModal();
}

async function remove(id) {
  found("library-confirm").close();
  const now = await done("remove", { id });
  if (!isSending) found("library-uploads").replaceChildren(); // what was said of files that came earlier
  say(now.message, now.token);
  if (!now.ok) return list();
  if (opened.some((one) => one.query.id === id)) {
    opened.length = 0;
    show(false);
  }
  found("library-undo").focus();
  follow();
}

async function restore(token) {
  const now = await done("restore", { token });
  say(now.message, now.ok ? "" : undoes);
  if (now.ok) {
    found("library-filter").focus({ preventScroll: true });
    follow();
  } else list();
}

// ---- adding files

function take(files) {
  if (!found("library-uploads")) return;
  if (!isSending) found("library-uploads").replaceChildren();
  for (const file of files) {
    const row = found("library-upload").firstElementChild.cloneNode(true);
    row.querySelector(".upload__name").textContent = file.name;
    found("library-uploads").append(row);
    queue.push({ file, row, replace: false });
    tell(row, "waiting", words().waiting);
  }
  send();
}

function tell(row, state, message) {
  row.dataset.state = state;
  row.querySelector(".upload__said").textContent = message;
  row.querySelector(".upload__progress").hidden = !["waiting", "sending"].includes(state);
}

async function send() {
  if (isSending) return;
  isSending = true;
  while (queue.length) {
    const one = queue.shift();
    const now = one.file.size > Number(words().mostBytes) ? { ok: false, message: words().tooLarge } : await sent(one);
    if (now.ok) arrived += 1;
    tell(one.row, now.ok ? "added" : "failed", now.message);
    found("library-announce").textContent = `${one.file.name}: ${now.message}`;
    const replace = one.row.querySelector("[data-do=replace]");
    replace.hidden = now.trouble !== "exists";
    replace.onclick = () => {
      replace.hidden = true;
      queue.push({ ...one, replace: true });
      send();
    };
  }
  isSending = false;
  if (arrived) reindex();
  arrived = 0;
}

function sent({ file, row, replace }) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest(); // fetch does not say how much it has sent
    const progress = row.querySelector(".upload__progress");
    request.open("POST", address("files", { name: file.name, replace }));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total) progress.value = event.loaded / event.total;
    };
    request.upload.onload = () => tell(row, "sending", words().reading);
    request.onerror = () => resolve({ ok: false, message: words().unreachable });
    request.onload = () =>
      resolve({ ok: request.status < 300, ...(request.response ?? { message: words().unreachable }) });
    tell(row, "sending", words().sending);
    request.send(file);
  });
}

const carriesFiles = (event) => frame()?.checkVisibility() && event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault(); // a file dropped beside the box must not replace the page
  found("library-drop")?.classList.add("is-over");
});

document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) found("library-drop")?.classList.remove("is-over");
});

document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  found("library-drop")?.classList.remove("is-over");
  take([...event.dataTransfer.files]);
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "library-files") return;
  take([...event.target.files]);
  event.target.value = ""; // so that the same file can be chosen again
});

// ---- what is clicked and typed

const doings = {
  open: (one) => open("document", { id: one.dataset.id, start: one.dataset.start ?? 0, end: one.dataset.end ?? 0 }, one),
  disagreements: (one) => open("disagreements", {}, one),
  back,
  reindex,
  ask: (one) => confirmRemoval(one.dataset.id),
  keep: () => found("library-confirm").close(),
  remove: () => remove(found("library-confirm").dataset.id),
  undo: () => restore(undoes),
  restore: (one) => restore(one.dataset.token),
};

document.addEventListener("click", (event) => {
  const one = event.target.closest?.("#library [data-do]");
  if (one) doings[one.dataset.do]?.(one);
});

document.addEventListener("input", (event) => {
  if (event.target.id === "library-filter") filter();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || found("library-confirm")?.open) return;
  if (found("library-pane")?.contains(document.activeElement)) back();
});

// ---- the tab itself

async function look() {
  list();
  if (opened.length) show(false);
  try {
    const now = await (await fetch(address("indexing"))).json();
    if (now.state === "running") follow();
  } catch {
    // the list says that the server does not answer
  }
}

const seen = new IntersectionObserver((entries) => {
  if (entries.at(-1).isIntersecting) look(); // each time the tab is turned to: others may have changed something
});
let watched = null;
// In another language, or for someone who may do more, the frame is drawn anew: as a new element, or in the old one,
// where the list then waits again.
new MutationObserver(() => {
  if (frame() && frame() !== watched) {
    seen.disconnect();
    watched = frame();
    seen.observe(watched);
  } else if (frame()?.checkVisibility() && found("library-list")?.querySelector("[data-unlisted]")) look();
}).observe(document.body, { childList: true, subtree: true });
