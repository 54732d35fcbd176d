// The view of the service map, and the same map in a panel of a dashboard.

import { calls } from "./calls.js";
import { el, note } from "./dom.js";
import { layout } from "./layout.js";

// From this share of failed calls on an arrow is drawn as failing; below, but above none, as a warning.
const FAILING = 0.05;
const HALF_WIDTH = 78;

/** Draw it into `main`; `context` as for a search. */
export async function mapView(main, context) {
  main.replaceChildren(note("Loading …"));
  main.replaceChildren(...await map(context, context.parameters.get("source") === "traces"));
}

/** The map's elements; a service leads to its traces, a red one to the failed ones. */
export async function map(context, fromTraces = false) {
  const { edges, source } = await calls(context.api, fromTraces);
  const other = el("a", { href: context.href("/map", fromTraces ? {} : { source: "traces" }) }, fromTraces ? "from metrics" : "from the latest traces");
  const said = note(`Calls in ${context.rangeText}, from ${source}. Click a service for its traces. `, other,
    el("span.key", {}, el("i.good"), "none fails ", el("i.warn"), "some fail ", el("i.fails"), `more than ${FAILING * 100} % fail`));
  if (!edges.length) return [said, el("p.empty", {}, "No service called another in this time.")];
  return [said, el("div.card.map", {}, drawing(edges, context))];
}

function drawing(edges, context) {
  const { place, width, height } = layout(edges);
  const arrow = el("defs", {}, el("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 9, markerHeight: 9, markerUnits: "userSpaceOnUse", orient: "auto" }, el("path.tip", { d: "M0 0 8 4 0 8z" })));
  return el("svg", { viewBox: `0 0 ${width} ${height}`, "--width": `${width}px`, role: "group", "aria-label": "Service map" }, arrow,
    edges.map((edge) => line(edge, place)), [...place].map(([name, at]) => box(name, at, edges, context)));
}

function health(edges) {
  const sum = (key) => edges.reduce((total, edge) => total + edge[key], 0);
  const share = sum("failed") / (sum("calls") || 1);
  return share > FAILING ? "fails" : share > 0 ? "warn" : "good";
}

function line(edge, place) {
  const [a, b] = [place.get(edge.from), place.get(edge.to)];
  const back = b.x <= a.x;
  const [x1, x2] = back ? [a.x, b.x] : [a.x + HALF_WIDTH, b.x - HALF_WIDTH];
  const [y1, y2] = back ? [a.y + 20, b.y + 20] : [a.y, b.y];
  const bend = back ? `M${x1} ${y1}C${x1} ${y1 + 50} ${x2} ${y2 + 50} ${x2} ${y2}` : `M${x1} ${y1}C${x1 + 60} ${y1} ${x2 - 60} ${y2} ${x2} ${y2}`;
  const failed = Math.round(edge.failed);
  const text = `${edge.from} → ${edge.to}: ${Math.round(edge.calls)} calls, ${failed} failed`;
  return el("g", {}, el("title", {}, text), el(`path.${health([edge])}`, { d: bend, "--thick": `${1 + Math.log10(1 + edge.calls)}`, "marker-end": "url(#arrow)" }),
    el("text.label", { x: x1 * 0.35 + x2 * 0.65, y: (back ? 38 : -7) + y1 * 0.28 + y2 * 0.72 }, String(Math.round(edge.calls)), failed > 0 && el("tspan.bad", {}, ` ✖ ${failed}`)));
}

function box(name, { x, y }, edges, context) {
  const state = health(edges.filter((edge) => edge.to === name));
  const outgoing = edges.some((edge) => edge.from === name);
  const failed = state !== "good";
  const service = `resource.service.name = ${JSON.stringify(name)}`;
  // What only receives calls may send no spans itself: a database is found by its name in its callers' spans.
  const own = outgoing ? `{ ${service} }` : `{ ${service} || span.server.address = ${JSON.stringify(name)} || span.db.system.name = ${JSON.stringify(name)} || span.db.system = ${JSON.stringify(name)} }`;
  // Tempo's name for whoever calls from outside, who sends no spans.
  const href = context.href("/traces", name === "user" ? {} : { q: failed ? own.replace(/^\{ (.*) \}$/, outgoing ? "{ $1 && status = error }" : "{ ($1) && status = error }") : own });
  const shown = name.length > 20 ? `${name.slice(0, 19)}…` : name;
  return el("svg:a.node", { href, "aria-label": `${name}: ${failed ? "failed traces" : "traces"}` }, el("g", { "--at": `translate(${x}px, ${y}px)` },
    el("title", {}, `${name}: show its ${failed ? "failed " : ""}traces`), el(`rect.${state}`, { x: -HALF_WIDTH, y: -20, width: 2 * HALF_WIDTH, height: 40, rx: 8 }), el("text", { dy: "0.35em" }, shown)));
}
