// The frame of the page: which view is shown, for which time and tenant, and when it is drawn again.

import { Api, definitions as load } from "./api.js";
import { dashboardView, listView } from "./dashboards.js";
import { el, failure } from "./dom.js";
import { seconds } from "./format.js";
import { view } from "./links.js";
import { mapView } from "./map.js";
import { alertsView, logsView, metricsView } from "./others.js";
import { searchView } from "./search.js";
import { traceView } from "./trace.js";

const main = document.querySelector("main");
const [range, source, again, refresh] = ["#range", "#source", "#again", "#refresh"].map((id) => document.querySelector(id));
const DEFAULT = "now-30m";
// Parameters that go along from view to view.
const KEPT = ["from", "to", "ds"];
let leave = new AbortController();
let timer;

function place() {
  const [path, query = ""] = (location.hash.slice(1) || "/traces").split("?");
  return { path: path.split("/").slice(1), parameters: new URLSearchParams(query) };
}

/** An address within the page, for the same time and tenant unless `values` says otherwise. */
function href(path, values = {}) {
  const { parameters } = place();
  const kept = Object.fromEntries(KEPT.map((name) => [name, parameters.get(name) ?? undefined]));
  return view(path, { ...kept, ...values });
}

const goTo = (target) => { location.hash = target; };
function set(changes) {
  const { path, parameters } = place();
  for (const [name, value] of Object.entries(changes)) {
    if (value) parameters.set(name, value);
    else parameters.delete(name);
  }
  goTo(view(`/${path.join("/")}`, {}) + (parameters.size ? `?${parameters}` : ""));
}

function chosenRange(parameters) {
  const now = Date.now() / 1000;
  const [from, to] = [parameters.get("from") || DEFAULT, parameters.get("to") || "now"];
  const found = { from: seconds(from, now), to: seconds(to, now) };
  if (!(found.from < found.to)) throw new Error(`The time from ${from} to ${to} is none: use now-1h, now, or Unix milliseconds.`);
  return { ...found, key: to === "now" ? from : "" };
}

function contextOf(definitions, parameters, signal) {
  const found = chosenRange(parameters);
  const datasource = definitions.tempo.some(({ uid }) => uid === parameters.get("ds")) ? parameters.get("ds") : definitions.tempo[0].uid;
  const option = [...range.options].find(({ value }) => value === found.key);
  const text = (at) => new Date(at * 1000).toLocaleString();
  range.value = option ? found.key : "";
  source.value = datasource;
  return {
    api: new Api({ datasource, range: found, signal }), definitions, parameters, signal, href, goTo, set, refresh: show,
    go: (path, values) => goTo(href(path, values)), rangeText: option ? option.textContent : `${text(found.from)} to ${text(found.to)}`,
  };
}

const VIEWS = {
  traces: (context, id) => (id ? traceView(main, context, id) : searchView(main, context)),
  map: (context) => mapView(main, context),
  dashboards: (context, uid) => (uid ? dashboardView(main, context, uid) : listView(main, context)),
  alerts: (context) => alertsView(main, context),
  metrics: (context) => metricsView(main, context),
  logs: (context) => logsView(main, context),
};
const known = load();

/** Draw the view of the address. What an earlier view still waits for is dropped. */
async function show() {
  leave.abort();
  leave = new AbortController();
  const { signal } = leave;
  const { path: [name, id], parameters } = place();
  for (const one of document.querySelectorAll("header nav a")) {
    one.setAttribute("href", href(`/${one.dataset.view}`, one.dataset.view === "dashboards" ? { from: undefined, to: undefined } : {}));
    if (one.dataset.view === name) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  }
  try {
    const definitions = await known;
    if (signal.aborted) return;
    main.dataset.view = name;
    await (VIEWS[name] ?? VIEWS.traces)(contextOf(definitions, parameters, signal), id && decodeURIComponent(id));
  } catch (error) {
    if (error.name !== "AbortError" && !signal.aborted) main.replaceChildren(failure(error));
  }
  if (!signal.aborted) main.dataset.done = location.hash;
}

function repeat() {
  clearInterval(timer);
  // A trace does not change, and a hidden window is looked at by nobody.
  if (again.checked) timer = setInterval(() => document.hidden || place().path[1] && place().path[0] === "traces" || show(), 30_000);
}

known.then(({ stack, tempo }) => {
  document.querySelector("#stack").textContent = stack;
  source.append(...tempo.map(({ uid, name }) => el("option", { value: uid }, name)));
  source.parentElement.hidden = tempo.length < 2;
}, () => undefined);
addEventListener("hashchange", show);
range.addEventListener("change", () => range.value && set({ from: range.value, to: "" }));
source.addEventListener("change", () => set({ ds: source.value }));
again.addEventListener("change", repeat);
refresh.addEventListener("click", show);
show();
