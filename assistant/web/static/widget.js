// The assistant in any page: <script src="https://ASSISTANT/widget.js" defer></script>; docs/embedding.md has the attributes.
// Everything it shows is text set as text, in a shadow root of its own, so that neither page nor answer styles the other.
(() => {
  "use strict";

  const WORDS = {
    da: {
      title: "Spørg dokumenterne", close: "Luk", label: "Dit spørgsmål", send: "Spørg",
      waiting: "Søger i dokumenterne …", source: "Kilde", page: "side", nearest: "Nærmeste steder, som ikke besvarer det:",
      differ: "Dokumenterne er uenige om", you: "Du spurgte", note: "Læs den citerede sætning, før du handler.",
      signIn: "Du er ikke logget ind, eller nøglen gælder ikke.", often: "For mange spørgsmål lige nu. Prøv igen om lidt.",
      failed: "Assistenten kan ikke nås lige nu. Prøv igen om lidt.",
    },
    nl: {
      title: "Vraag het de documenten", close: "Sluiten", label: "Uw vraag", send: "Vraag",
      waiting: "Zoekt in de documenten …", source: "Bron", page: "pagina", nearest: "Dichtstbijzijnde passages, die het niet beantwoorden:",
      differ: "De documenten verschillen over", you: "U vroeg", note: "Lees de geciteerde zin voordat u handelt.",
      signIn: "U bent niet aangemeld, of de sleutel is niet geldig.", often: "Te veel vragen op dit moment. Probeer het zo opnieuw.",
      failed: "De assistent is nu niet bereikbaar. Probeer het zo opnieuw.",
    },
    en: {
      title: "Ask the documents", close: "Close", label: "Your question", send: "Ask",
      waiting: "Searching the documents …", source: "Source", page: "page", nearest: "Nearest passages, which do not answer it:",
      differ: "The documents differ about", you: "You asked", note: "Read the cited sentence before you act.",
      signIn: "You are not signed in, or the key is not valid.", often: "Too many questions just now. Try again in a moment.",
      failed: "The assistant cannot be reached just now. Try again in a moment.",
    },
  };

  const STYLE = `
    :host { all: initial; --accent: var(--assistant-accent, #0f5660); --on-accent: var(--assistant-on-accent, #fff); }
    * { box-sizing: border-box; font: 400 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #17211f; }
    [hidden] { display: none !important; }
    button { cursor: pointer; border: 1px solid var(--accent); border-radius: .5rem; background: #fff; color: var(--accent); }
    button:focus-visible, textarea:focus-visible, a:focus-visible, .log:focus-visible { outline: 3px solid #c28a00; outline-offset: 2px; }
    .bubble { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483000; min-height: 3rem; padding: .5rem 1.1rem; border-radius: 1.5rem; }
    .bubble, .send { background: var(--accent); color: var(--on-accent); font-weight: 600; }
    .box { display: flex; flex-direction: column; background: #fff; border: 1px solid #85918e; border-radius: .75rem; overflow: hidden; }
    .floating { position: fixed; right: 1rem; bottom: 4.75rem; z-index: 2147483000; width: min(26rem, calc(100vw - 2rem)); height: min(36rem, calc(100vh - 6rem)); box-shadow: 0 8px 30px rgb(0 0 0 / .25); }
    .inline { width: 100%; height: var(--assistant-height, 30rem); }
    .head { display: flex; align-items: center; justify-content: space-between; padding: .5rem .9rem; background: var(--accent); }
    .head h2 { margin: 0; font-weight: 600; color: var(--on-accent); }
    .head button { min-width: 2.5rem; min-height: 2.5rem; border-color: transparent; background: transparent; color: var(--on-accent); }
    .log { flex: 1; overflow-y: auto; padding: .9rem; overflow-wrap: anywhere; }
    .asked { margin: 0 0 .5rem; font-weight: 600; }
    .said, .fault, .differ { margin: 0 0 .6rem; }
    .fault { color: #8c1d18; }
    .differ { padding-left: .6rem; border-left: 3px solid #76828f; }
    .turn { padding-bottom: .6rem; margin-bottom: .9rem; border-bottom: 1px solid #d9dfdd; }
    .chip { min-width: 1.75rem; min-height: 1.75rem; margin-left: .3rem; padding: 0 .35rem; font-size: .875rem; }
    .cited { margin: 0 0 .6rem; padding: .5rem .75rem; border-left: 3px solid #c28a00; background: #fff8e1; }
    .cited blockquote { margin: 0 0 .3rem; font-family: Charter, Georgia, Cambria, serif; }
    .cited a, .cited span { font-size: .875rem; color: #0a3f47; }
    form { display: flex; gap: .5rem; padding: .75rem .9rem .3rem; border-top: 1px solid #d9dfdd; }
    textarea { flex: 1; min-height: 2.75rem; max-height: 8rem; padding: .5rem; border: 1px solid #85918e; border-radius: .5rem; resize: vertical; background: #fff; }
    .send { min-height: 2.75rem; padding: 0 1rem; }
    .send[aria-disabled=true] { opacity: .6; }
    .note { margin: 0; padding: 0 .9rem .6rem; font-size: .8125rem; color: #4d5a58; }
    .unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }`;

  const script = document.currentScript;
  if (!script) return; // loaded as a module: it cannot know where it comes from
  const given = script.dataset;
  const server = (given.server || new URL(script.src).origin).replace(/\/$/, "");
  const language = [given.language, document.documentElement.lang, navigator.language]
    .map((tag) => (tag || "").slice(0, 2).toLowerCase())
    .find((tag) => tag in WORDS) || "en";
  const words = WORDS[language];

  const make = (name, properties = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) {
      if (key.startsWith("aria-") || key === "role" || key === "lang") element.setAttribute(key, value);
      else element[key] = value;
    }
    element.append(...children);
    return element;
  };

  // The whole answer; `said` is told each statement as it comes. Where events do not come through, one JSON object does.
  async function ask(question, history, said) {
    const streamed = await sent(question, history, "text/event-stream");
    if (!(streamed.headers.get("Content-Type") || "").startsWith("text/event-stream")) return streamed.json();
    try {
      for await (const [name, data] of events(streamed.body)) {
        if (name === "statement") said(data);
        if (name === "answer") return data;
        if (name === "error") throw new Error(words.failed);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // TypeError: the connection broke off
    }
    return (await sent(question, history, "application/json")).json();
  }

  async function sent(question, history, accept) {
    const reply = await fetch(`${server}/api/v1/ask`, {
      method: "POST",
      credentials: given.key ? "omit" : "include",
      headers: { Accept: accept, "Content-Type": "application/json", ...(given.key ? { Authorization: `Bearer ${given.key}` } : {}) },
      body: JSON.stringify({ question, history }),
    });
    if (reply.ok) return reply;
    if (reply.status === 401 || reply.status === 403) throw new Error(words.signIn);
    if (reply.status === 429) throw new Error(words.often);
    const problem = await reply.json().catch(() => ({}));
    throw new Error(reply.status === 422 && problem.detail ? problem.detail : words.failed);
  }

  async function* events(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split("\n\n");
      rest = parts.pop();
      for (const part of parts) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(part) || [];
        if (name) yield [name, JSON.parse(data)]; // the others say that it is still at work
      }
    }
  }

  function cited(citation) {
    const place = new URLSearchParams({ id: citation.path, start: citation.start, end: citation.end, language });
    const said = [citation.document, citation.section, citation.page ? `${words.page} ${citation.page}` : ""];
    const link = make("a", {
      href: `${server}/library/document?${place}`, target: "_blank", rel: "noopener", textContent: said.filter(Boolean).join(" · "),
    });
    return make("div", { className: "cited" }, make("blockquote", { textContent: citation.quote, lang: citation.language }), link);
  }

  let numbered = 0;
  function chip(citation, holder) {
    const shown = cited(citation);
    shown.id = `cited-${++numbered}`;
    shown.hidden = true;
    const button = make("button", {
      type: "button", className: "chip", textContent: citation.n,
      "aria-expanded": "false", "aria-controls": shown.id, "aria-label": `${words.source} ${citation.n}: ${citation.document}`,
    });
    button.addEventListener("click", () => {
      shown.hidden = !shown.hidden;
      button.setAttribute("aria-expanded", String(!shown.hidden));
    });
    holder.push(shown);
    return button;
  }

  function answered(turn, answer) {
    const byNumber = new Map(answer.citations.map((citation) => [citation.n, citation]));
    const said = (className, text, numbers) => {
      const shown = [];
      const line = make("p", { className, lang: answer.language }, text);
      for (const n of numbers) if (byNumber.has(n)) line.append(chip(byNumber.get(n), shown));
      turn.append(line, ...shown);
    };
    if (answer.abstained) turn.append(make("p", { className: "said", textContent: answer.answer, lang: answer.language }));
    for (const statement of answer.abstained ? [] : answer.statements) said("said", statement.text, statement.citations);
    for (const conflict of answer.conflicts) {
      const sides = conflict.sides.map((side) => side.value).join(" / ");
      said("differ", `${words.differ} ${conflict.about}: ${sides}`, conflict.sides.map((side) => side.citation));
    }
    if (!answer.abstained) for (const note of answer.notes) said("differ", note, []);
    if (answer.abstained && answer.nearest.length) {
      turn.append(make("p", { className: "said", textContent: words.nearest }), ...answer.nearest.map(cited));
    }
  }

  function build(inline) {
    const status = make("p", { className: "unseen", role: "status", "aria-live": "polite" });
    const log = make("div", { className: "log", tabIndex: 0, role: "region", "aria-label": words.title });
    const box = make("textarea", { rows: 1, maxLength: 2000, id: "question" });
    const label = make("label", { className: "unseen", htmlFor: "question", textContent: words.label });
    const send = make("button", { type: "submit", className: "send", textContent: words.send });
    const form = make("form", {}, label, box, send);
    const head = make("div", { className: "head" }, make("h2", { id: "title", textContent: given.title || words.title }));
    const panel = make("section", { className: `box ${inline ? "inline" : "floating"}`, "aria-labelledby": "title" },
      head, log, form, make("p", { className: "note", textContent: words.note }), status);
    const history = [];
    let busy = false;

    async function submit() {
      const question = box.value.trim();
      if (!question || busy) return;
      busy = true;
      send.setAttribute("aria-disabled", "true");
      const waiting = make("p", { className: "said", textContent: words.waiting });
      const turn = make("article", { className: "turn" },
        make("p", { className: "asked" }, make("span", { className: "unseen", textContent: `${words.you}: ` }), question), waiting);
      log.append(turn);
      turn.scrollIntoView({ block: "nearest" });
      status.textContent = words.waiting;
      box.value = "";
      try {
        const answer = await ask(question, history.slice(-6), ({ text }) => {
          waiting.before(make("p", { className: "said coming", textContent: text }));
        });
        for (const line of [waiting, ...turn.querySelectorAll(".coming")]) line.remove();
        answered(turn, answer); // the same again, with its sources
        history.push([question, answer.answer]);
        status.textContent = answer.answer;
      } catch (error) {
        const told = error instanceof TypeError ? words.failed : error.message; // TypeError: no reply, or not for this page
        for (const line of [waiting, ...turn.querySelectorAll(".coming")]) line.remove();
        turn.append(make("p", { className: "fault", textContent: told }));
        status.textContent = told;
        box.value ||= question;
      } finally {
        busy = false;
        send.removeAttribute("aria-disabled");
        turn.scrollIntoView({ block: "start" });
      }
    }
    form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); submit(); }
    });
    return { panel, head, box };
  }

  function place() {
    const target = given.target ? document.querySelector(given.target) : null;
    const inline = given.mode === "inline" || Boolean(target);
    const host = make("div", { lang: language });
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // a page whose policy forbids inline styles allows these
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    const { panel, head, box } = build(inline);
    if (inline) {
      root.append(panel);
      if (target) target.append(host); else script.after(host);
      return;
    }
    const bubble = make("button", { type: "button", className: "bubble", textContent: given.title || words.title, "aria-expanded": "false", "aria-controls": "panel" });
    const close = make("button", { type: "button", textContent: "✕", "aria-label": words.close });
    const show = (shown) => {
      panel.hidden = !shown;
      bubble.setAttribute("aria-expanded", String(shown));
      (shown ? box : bubble).focus();
    };
    Object.assign(panel, { id: "panel", hidden: true });
    panel.setAttribute("role", "dialog");
    head.append(close);
    bubble.addEventListener("click", () => show(panel.hidden));
    close.addEventListener("click", () => show(false));
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); show(false); } });
    root.append(bubble, panel);
    document.body.append(host);
  }

  if (document.body && (given.mode === "inline" || document.readyState !== "loading")) place();
  else document.addEventListener("DOMContentLoaded", place, { once: true });
})();
