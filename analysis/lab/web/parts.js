// Small pieces that every view is made of.

/** An element: attributes, `on` for listeners, `class`, `data`; then its children, nodes or texts. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, fn] of Object.entries(value)) node.addEventListener(event, fn);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "class") node.className = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

/** An element of a drawing (SVG). */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null && value !== undefined) node.setAttribute(name, value);
  node.append(...children.flat());
  return node;
}

let count = 0;
/** A name that no other element has. */
export const fresh = (what) => `${what}-${++count}`;

/** A button for a word that is explained where the pointer rests on it, on tap, and by keyboard; Escape closes it. */
export function explained(label, explanation) {
  const id = fresh("term");
  const tip = el("span", { class: "tip", role: "tooltip", id, hidden: true }, explanation);
  const button = el("button", { type: "button", class: "term", "aria-describedby": id }, label);
  let kept = false;
  const show = (shown) => {
    tip.hidden = !shown;
    if (!shown) return;
    const box = tip.getBoundingClientRect(), over = box.right - document.documentElement.clientWidth + 8;
    if (over > 0) tip.style.marginLeft = `${-over}px`;
  };
  button.addEventListener("mouseenter", () => show(true));
  button.addEventListener("focus", () => show(true));
  button.addEventListener("mouseleave", () => show(kept));
  button.addEventListener("blur", () => show((kept = false)));
  button.addEventListener("click", () => show((kept = !kept)));
  button.addEventListener("keydown", (event) => event.key === "Escape" && show((kept = false)));
  return el("span", { class: "explained" }, button, tip);
}

/** A text in which [term] or [term|as said here] stands for a word that is explained, as nodes. */
export function rich(text, terms) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(/\[([^\]|]+)(?:\|([^\]]+))?\]/g)) {
    nodes.push(text.slice(from, found.index));
    const [whole, term, said] = found;
    nodes.push(terms[term] ? explained(said ?? term, terms[term]) : (said ?? whole));
    from = found.index + whole.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}

/** A table: heads, and rows of texts; the first of a row names it. */
export function table(caption, heads, rows) {
  return el(
    "div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) => el(i ? "td" : "th", i ? {} : { scope: "row" }, cell)))))),
  );
}

/** 'The numbers behind this picture': made when it is opened, since most never are. */
export function numbersBehind(summary, make) {
  const details = el("details", { class: "numbers" }, el("summary", {}, summary));
  details.addEventListener("toggle", () => {
    while (details.children.length > 1) details.lastChild.remove();
    if (details.open) details.append(make());
  });
  return details;
}

/** A labelled choice. choices: [value, label]; fn is called with the value that is chosen. */
export function choice(label, choices, value, fn) {
  const id = fresh("choice");
  const select = el("select", { id, on: { change: () => fn(select.value) } },
    choices.map(([each, said]) => el("option", { value: each, selected: each === value }, said)));
  return el("span", { class: "choice" }, el("label", { for: id }, label), select);
}

/** A plain button. */
export const button = (label, fn, attributes = {}) => el("button", { type: "button", on: { click: fn }, ...attributes }, label);

/** The veil over what is true: shows what `make` makes when it is asked for. */
export function veil(label, make) {
  const details = el("details", { class: "veil" }, el("summary", {}, label));
  details.addEventListener("toggle", () => {
    while (details.children.length > 1) details.lastChild.remove();
    if (details.open) details.append(make());
  });
  return details;
}

/** A colour or another value of the style sheet, as it is now (light or dark). */
export const styleOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Pixels of the letters in a drawing: they grow with the page's own, which are larger on a projector. */
export const letters = () => Math.max(13, Math.round(0.75 * parseFloat(getComputedStyle(document.documentElement).fontSize)));

/** A canvas that is as sharp as the screen; draw(context, width, height) draws it anew in CSS pixels. */
export function drawing(height, label, draw) {
  const canvas = el("canvas", { role: "img", "aria-label": label });
  canvas.style.height = `${height}px`;
  const redraw = () => {
    const ratio = devicePixelRatio || 1, width = canvas.clientWidth;
    if (!width) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  };
  const watch = new ResizeObserver(redraw);
  watch.observe(canvas);
  return { canvas, redraw, leave: () => watch.disconnect() };
}
