// Small helpers to make elements. Text is always set as text, never as HTML.

const SVG = new Set(["svg", "g", "path", "rect", "circle", "line", "text", "tspan", "title", "defs", "marker"]);

/** An element: el("a.chip", {href: "…", onclick: …, "--own": "red"}, "text", child, [more]); `--x` is a CSS property, `svg:a` an SVG link. */
export function el(kind, attributes = {}, ...children) {
  const [tag, ...classes] = kind.replace(/^svg:/, "").split(".");
  const node = SVG.has(tag) || kind.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  if (classes.length) node.setAttribute("class", classes.join(" "));
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) node.style.setProperty(name, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** The same colour for a service on every view: hue and lightness from a hash (FNV-1a) of its name. */
export function colour(name) {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0), 0x01000193) >>> 0;
  return `oklch(${0.58 + (hash % 4) * 0.05} 0.14 ${(hash >>> 8) % 360})`;
}

/** A colour that a canvas understands: custom properties and light-dark() resolved by the browser. */
export function resolved(value) {
  const probe = document.body.appendChild(el("i.probe", { "--probe": value }));
  const plain = getComputedStyle(probe).color;
  probe.remove();
  return plain;
}

export const chip = (name, text = name) => el("span.chip", { "--own": colour(name) }, text);
export const failure = (error) => el("p.error", { role: "alert" }, error.message);
export const note = (...said) => el("p.note", {}, ...said);

/** A link; of an address of another site it opens a new window that knows nothing of this one. */
export function link(text, target, kind = "a") {
  if (!target) return el("span", {}, text);
  const { href, outside = false } = typeof target === "string" ? { href: target } : target;
  return el(kind, outside ? { href, target: "_blank", rel: "noopener noreferrer" } : { href }, text);
}
