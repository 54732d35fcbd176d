// The view of one trace: a waterfall of its spans and the details of the chosen one.

import { criticalPath } from "./critical.js";
import { details } from "./details.js";
import { chip, colour, el, note } from "./dom.js";
import { duration } from "./format.js";
import { inTreeOrder, readTrace, visibleRows } from "./tree.js";

const ROW = 28;
// Rows drawn beyond what is seen, so that scrolling shows no gaps.
const AHEAD = 12;
// Up to this many spans an overview is drawn; beyond, lines are thinner than a pixel.
const OVERVIEW_ROWS = 4000;

/** Draw the trace `id` into `main`; `context` as for a search. */
export async function traceView(main, context, id) {
  main.replaceChildren(note("Loading …"));
  const { trace, missing } = await context.api.trace(id);
  const { spans, began } = readTrace(trace);
  if (!spans.length) throw new Error(`There is no trace ${id}: the sampler may not have decided yet, or dropped it, or it expired.`);
  const shown = new Waterfall(inTreeOrder(spans), criticalPath(spans), (span) => panel.replaceChildren(...details(span, { ...context, id, began })));
  const panel = el("aside.details", { "aria-label": "The chosen span", "aria-live": "polite" });
  main.replaceChildren(header(shown, id, began), ...(missing ? [note(missing)] : []),
    el("div.card.trace", {}, el("div.waterfall", {}, shown.overview(), shown.scale(), shown.box), panel));
  shown.begin();
}

function header(shown, id, began) {
  const { rows, total } = shown;
  const count = (test) => rows.filter(test).length;
  const [orphans, failed] = [count((row) => row.orphan), count((row) => row.failed)];
  const services = [...new Set(rows.map((row) => row.service))];
  return el("div.title", {},
    el("h1", {}, `${rows[0].service} ${rows[0].name}`),
    el("p", {}, `${duration(total)} · ${rows.length} spans · `, failed ? el("a.bad", { href: location.hash, onclick: (event) => shown.next(event, (row) => row.failed) }, `✖ ${failed} failed`) : "none failed",
      orphans > 0 && [" · ", el("a.orphan", { href: location.hash, onclick: (event) => shown.next(event, (row) => row.orphan) }, `◌ ${orphans} without ${orphans > 1 ? "their parents" : "its parent"}`)],
      el("span.soft", {}, ` · ${new Date(began).toLocaleString()} · `, el("code", {}, id))),
    el("p", {}, services.map((service) => chip(service)), el("span.legend", {}, el("i.critical"), " critical path: what the whole waited for")));
}

/** Rows of a fixed height, of which only those in view are in the document: 20 000 spans scroll as smoothly as 20. */
class Waterfall {
  constructor(rows, path, onChoose) {
    Object.assign(this, { all: rows, rows, onChoose, closed: new Set(), chosen: 0, drawn: null });
    this.first = rows.reduce((least, row) => Math.min(least, row.start), Infinity);
    this.total = rows.reduce((most, row) => Math.max(most, row.start + row.ms), -Infinity) - this.first || 1;
    this.path = new Map();
    for (const part of path) this.path.set(part.id, [...(this.path.get(part.id) ?? []), part]);
    this.space = el("div.space");
    this.box = el("div.rows", {
      tabindex: "0", role: "tree", "aria-label": "Spans", onscroll: () => this.draw(), onkeydown: (event) => this.key(event),
    }, this.space);
  }

  begin() {
    new ResizeObserver(() => this.draw(true)).observe(this.box);
    const failed = this.rows.findLastIndex((row) => row.failed);
    this.arrange();
    this.choose(Math.max(0, failed));
  }

  arrange() {
    this.rows = visibleRows(this.all, this.closed);
    this.space.style.setProperty("height", `${this.rows.length * ROW}px`);
    this.drawn = null;
  }

  draw(again = false) {
    const from = Math.max(0, Math.floor(this.box.scrollTop / ROW) - AHEAD);
    const to = Math.min(this.rows.length, Math.ceil((this.box.scrollTop + this.box.clientHeight) / ROW) + AHEAD);
    const wanted = `${from}-${to}-${this.chosen}`;
    if (wanted === this.drawn && !again) return;
    this.drawn = wanted;
    this.space.replaceChildren(...this.rows.slice(from, to).map((row, i) => this.row(row, from + i)));
    this.box.setAttribute("aria-activedescendant", `span-${this.chosen}`);
  }

  share(ms) {
    return `${(100 * ms) / this.total}%`;
  }

  row(row, index) {
    const fold = row.children ? el("span.fold", { onclick: (event) => this.fold(event, index), "aria-hidden": "true" }, this.closed.has(row.id) ? "▸" : "▾") : el("span.fold");
    const marks = [row.failed && el("span.bad", { title: "failed" }, "✖ "), row.orphan && el("span.orphan", { title: "its parent span is missing" }, "◌ ")];
    const bar = el(`div.bar${row.failed ? ".failed" : ""}`, { "--own": colour(row.service), "--from": this.share(row.start - this.first), "--wide": this.share(row.ms) });
    const late = row.start - this.first + row.ms > this.total * 0.8;
    const time = el(late ? "small.before" : "small", { "--from": late ? this.share(row.start - this.first) : this.share(row.start - this.first + row.ms) }, duration(row.ms));
    const path = (this.path.get(row.id) ?? []).map(({ from, to }) => el("i.critical", { "--from": this.share(from - this.first), "--wide": this.share(to - from) }));
    return el(`div.span${index === this.chosen ? ".chosen" : ""}`, {
      id: `span-${index}`, role: "treeitem", "aria-level": row.depth + 1, "aria-selected": String(index === this.chosen), "--top": `${index * ROW}px`,
      "aria-expanded": row.children ? String(!this.closed.has(row.id)) : undefined, onclick: () => this.choose(index),
      "aria-label": `${row.service} ${row.name}, ${duration(row.ms)}${row.failed ? ", failed" : ""}${row.orphan ? ", its parent is missing" : ""}`,
    }, el("div.name", { title: `${row.service} ${row.name}`, "--depth": Math.min(row.depth, 24) }, fold, marks, el("b", {}, row.service), ` ${row.name}`), el("div.lane", {}, bar, path, time));
  }

  choose(index) {
    this.chosen = Math.min(Math.max(index, 0), this.rows.length - 1);
    const top = this.chosen * ROW;
    if (top < this.box.scrollTop) this.box.scrollTop = top;
    else if (top + ROW > this.box.scrollTop + this.box.clientHeight) this.box.scrollTop = top + ROW - this.box.clientHeight;
    this.draw(true);
    this.onChoose(this.rows[this.chosen]);
  }

  next(event, test) {
    event.preventDefault();
    const order = this.rows.map((_, i) => (this.chosen + 1 + i) % this.rows.length);
    this.choose(order.find((i) => test(this.rows[i])) ?? this.chosen);
  }

  fold(event, index) {
    event.stopPropagation();
    const { id } = this.rows[index];
    if (!this.closed.delete(id)) this.closed.add(id);
    this.arrange();
    this.choose(index);
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.box.clientHeight / ROW) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const row = this.rows[this.chosen];
    if (event.key in moves) this.choose(this.chosen + moves[event.key]);
    else if (row.children && (event.key === "ArrowRight") === this.closed.has(row.id) && event.key.startsWith("Arrow")) this.fold(event, this.chosen);
    else return;
    event.preventDefault();
  }

  scale() {
    const marks = [0, 0.25, 0.5, 0.75].map((part) => el("span", { "--from": `${part * 100}%` }, duration(part * this.total)));
    return el("div.scale", { "aria-hidden": "true" }, el("div.name", {}, "Service and operation"), el("div.lane", {}, marks));
  }

  /** A small picture of the whole, by which to scroll. */
  overview() {
    if (this.rows.length > OVERVIEW_ROWS || this.rows.length < 2) return "";
    const height = 48;
    const line = height / this.all.length;
    const rects = this.all.map((row, i) => el(`rect${row.failed ? ".failed" : ""}`, {
      x: (1000 * (row.start - this.first)) / this.total, width: Math.max(1, (1000 * row.ms) / this.total), y: i * line, height: Math.max(0.6, line * 0.8), "--own": colour(row.service),
    }));
    const move = (event) => { this.box.scrollTop = (event.offsetY / height) * this.rows.length * ROW - this.box.clientHeight / 2; };
    return el("svg.overview", { viewBox: `0 0 1000 ${height}`, preserveAspectRatio: "none", "aria-hidden": "true", onclick: move }, rects);
  }
}
