// The conversations that this browser keeps, in its localStorage, and nowhere else. Each turn stands under a key of its
// own, so that one more costs the same in a long conversation as in a short one; a list says which there are.

const NAME = "assistant.";
const LIST = `${NAME}conversations`; // [{id, question, when, first, last, size}], the latest first
const NOTHING = `${NAME}keep-nothing`;
const TURN = `${NAME}turn.`;
const MOST = 50; // conversations
const ROOM = 3_500_000; // characters; browsers give a page about five million

const key = (id, n) => `${TURN}${id}.${n}`;
const storage = reach();
let current = null; // what this page keeps: the conversation's id and the number of its last turn

/** The browser's storage, or null where it refuses, as some do in a private window. */
function reach() {
  try {
    localStorage.setItem(`${NAME}try`, "");
    localStorage.removeItem(`${NAME}try`);
    return localStorage;
  } catch {
    return null;
  }
}

export const canKeep = () => storage !== null;
export const isKeeping = () => canKeep() && storage.getItem(NOTHING) === null;
export const currentId = () => current?.id ?? "";

/** Which conversations are kept, the latest first. Read anew each time: another window may have changed it. */
export function conversations() {
  const list = parsed(storage?.getItem(LIST) ?? "[]");
  return Array.isArray(list) ? list.filter(isEntry) : [];
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // damaged
  }
}

const isEntry = (one) =>
  typeof one?.id === "string" &&
  /^[a-z0-9]{1,40}$/.test(one.id) &&
  typeof one.question === "string" &&
  [one.when, one.first, one.last, one.size].every(Number.isSafeInteger) &&
  one.first >= 1 &&
  one.last - one.first < 10_000;

/** The HTML of a conversation's turns: [[number, html], …], oldest first. */
export function turnsOf({ id, first, last }) {
  const numbers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return numbers.map((n) => [n, storage.getItem(key(id, n))]).filter(([, html]) => html !== null);
}

/** Go on with a kept conversation, or with null in a new one. */
export function goOnWith(entry) {
  current = entry && { id: entry.id, last: entry.last };
}

/** Keep the turn numbered `n` of the conversation on the page; the oldest ones make room for it. */
export function keep(n, question, html) {
  if (!isKeeping()) return;
  const list = conversations();
  // One that another window went on with or deleted is left as it is, and what is asked here is kept as a new one.
  let entry = list.find((one) => one.id === current?.id && one.last === current.last && n >= one.last && n <= one.last + 1);
  if (!entry) entry = { id: newId(), question: question.slice(0, 300), first: n, last: n, size: 0 };
  const before = storage.getItem(key(entry.id, n))?.length ?? 0;
  Object.assign(entry, { when: Date.now(), last: n, size: entry.size + html.length - before });
  const others = list.filter((one) => one !== entry);
  while (others.length >= MOST || (others.length && total([entry, ...others]) > ROOM)) drop(others.pop());
  while (entry.size > ROOM && entry.first < n) dropFirst(entry);
  while (!written(key(entry.id, n), html) || !written(LIST, JSON.stringify([entry, ...others]))) {
    if (others.length) drop(others.pop());
    else if (entry.first < n) dropFirst(entry);
    else return forget(entry);
  }
  current = { id: entry.id, last: n };
}

/** There is no room for a conversation's only turn. */
function forget(entry) {
  drop(entry);
  storage.removeItem(LIST);
}

const newId = () => Date.now().toString(36) + Math.random().toString(36).slice(2, 10);
const total = (list) => list.reduce((sum, one) => sum + one.size, 0);

function written(name, text) {
  try {
    storage.setItem(name, text);
    return true;
  } catch {
    return false; // full
  }
}

function drop(entry) {
  for (let n = entry.first; n <= entry.last; n++) storage.removeItem(key(entry.id, n));
}

function dropFirst(entry) {
  entry.size -= storage.getItem(key(entry.id, entry.first))?.length ?? 0;
  storage.removeItem(key(entry.id, entry.first++));
}

/** Delete kept conversations; returns what `putBack` needs. */
export function remove(ids) {
  const gone = conversations().filter((one) => ids.includes(one.id));
  const removed = gone.map((entry) => ({ entry, turns: turnsOf(entry) }));
  gone.forEach(drop);
  written(LIST, JSON.stringify(conversations().filter((one) => !ids.includes(one.id))));
  return removed;
}

/** Undo a `remove`. */
export function putBack(removed) {
  for (const { entry, turns } of removed) for (const [n, html] of turns) written(key(entry.id, n), html);
  const list = [...conversations(), ...removed.map(({ entry }) => entry)].sort((a, b) => b.when - a.when);
  written(LIST, JSON.stringify(list));
}

/** Keep nothing from now on, or keep again. */
export function keepNothing(isWanted) {
  if (isWanted) written(NOTHING, "yes");
  else storage.removeItem(NOTHING);
}

/** Turns that no conversation in the list owns, as a page that was closed while it wrote leaves behind, go. */
function sweep() {
  const owned = new Set(conversations().map((one) => one.id));
  const names = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage.key(i));
  for (const name of names) {
    if (name.startsWith(TURN) && !owned.has(name.slice(TURN.length).split(".")[0])) storage.removeItem(name);
  }
}

sweep();
