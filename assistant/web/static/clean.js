// A drawn turn that this browser kept, made safe to show again. Storage may have been tampered with, so its HTML is never
// put on the page: it is read in a document of its own, in which no script runs and nothing is loaded, and copied from
// there element by element. Only what the templates of a turn are made of is copied: no script, no handler, no frame or
// form, no address but that of a source or of a page's image. The Content-Security-Policy stands behind this.

const TAGS = new Set(
  (
    "article section header h2 h3 p ul ol li div span a button blockquote mark figure figcaption img dl dt dd template " +
    "svg path circle"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  "class lang title role tabindex hidden type alt loading focusable viewBox d cx cy r stroke-dasharray".split(" "),
);
const PLACE = ["aspectRatio", "left", "top", "width", "height"]; // of a page's image, and of a mark on it
const CHECKED = {
  id: /^turn-\d+(?:-[a-z0-9-]+)?$/, // so that nothing takes the name of another part of the page
  href: /^(?:#turn-\d|https?:\/\/)/i,
  src: /^\/page-image\//,
};

/** The kept turn numbered `n` as an element, or null where there is none in `html`. */
export function cleaned(html, n) {
  const read = new DOMParser().parseFromString(html, "text/html").querySelector(`article.turn#turn-${Number(n)}`);
  return read && copied(read);
}

function copied(from) {
  const to = document.createElementNS(from.namespaceURI, from.localName);
  for (const { name, value } of from.attributes) if (isAllowed(name, value)) to.setAttribute(name, value);
  if (to.localName === "a" && !to.getAttribute("href")?.startsWith("#")) {
    to.setAttribute("target", "_blank");
    to.setAttribute("rel", "noopener noreferrer");
  }
  for (const property of PLACE) if (from.style?.[property]) to.style[property] = from.style[property];
  const [source, target] = from.content ? [from.content, to.content] : [from, to];
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) target.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE && TAGS.has(child.localName)) target.append(copied(child));
  }
  return to;
}

const isAllowed = (name, value) =>
  CHECKED[name]?.test(value) ?? (ATTRIBUTES.has(name) || /^(?:data|aria)-[a-z-]+$/.test(name));
