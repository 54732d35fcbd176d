// One panel of a dashboard, from Grafana's JSON of it: what it asks, and how the answer is drawn.

import { chart, heatmap } from "./chart.js";
import { el, link, note } from "./dom.js";
import { format } from "./format.js";
import { toLogs, toSearch, toTrace, translated } from "./links.js";
import { map } from "./map.js";
import { table as tracesTable } from "./search.js";
import { merged, organized } from "./tables.js";
import { builtIn, interpolate, seriesName, stepOf } from "./variables.js";

/** The body of a panel; `context` has api, chosen (values of the variables), width, href, go. Rejects with the error. */
export function panelBody(panel, context) {
  const { api, chosen, width } = context;
  const step = stepOf(api.range, width, context.definitions.scrape_seconds);
  const own = { ...chosen, ...builtIn(api.range, step, context.definitions.scrape_seconds) };
  const draw = { ...context, panel, step, values: own, fill: (text) => interpolate(text, own) };
  const [query] = panel.targets ?? [];
  if (panel.type === "text") return Promise.resolve([el("p.text", {}, panel.options?.content ?? "")]);
  if (panel.type === "logs") return Promise.resolve(logs(draw, query));
  if (query?.queryType === "serviceMap") return map(context);
  if (query?.queryType === "traceql" && !query.metricsQueryType) return traces(draw, query);
  return (KINDS[panel.type] ?? unknown)(draw);
}

const unknown = ({ panel }) => Promise.resolve([note(`This page draws no panels of kind ${panel.type}; Grafana does.`)]);
const unitOf = (panel, name) =>
  panel.fieldConfig?.overrides?.find(({ matcher }) => matcher.id === "byName" && matcher.options === name)?.properties.find(({ id }) => id === "unit")?.value ??
  panel.fieldConfig?.defaults?.unit;
const limitsOf = (panel) => (panel.fieldConfig?.defaults?.thresholds?.steps ?? []).filter(({ value }) => value !== null && value !== undefined).map(({ value, color }) => ({ value, colour: color }));

function logs({ fill, panel }, query) {
  const expr = fill(query.expr ?? query.query ?? "");
  return [note("Logs are not kept in the lab. ", link("The query", toLogs(expr, query.datasource?.type ?? panel.datasource?.type ?? "loki")), " works where they are.")];
}

async function traces({ api, fill, href, ...context }, query) {
  const q = fill(query.query);
  const { traces: found } = await api.search(q, query.limit ?? 20);
  return found.length ? [tracesTable(found, { ...context, api, href })] : [note("No trace matches ", link(q, toSearch(q)), ".")];
}

async function answered({ panel, api, fill, step }) {
  return Promise.all((panel.targets ?? []).filter(({ hide }) => !hide).map(async (query) => {
    if (query.queryType === "traceql") return { query, result: await api.traceMetrics(fill(query.query), step) };
    const expr = fill(query.expr);
    return { query, expr, result: await (query.instant && !query.range ? api.instant(expr) : api.series(expr, step)) };
  }));
}

async function exemplarsOf({ api }, answers) {
  const asked = answers.filter(({ query, expr }) => query.exemplar && expr);
  const found = await Promise.all(asked.map(({ expr }) => api.exemplars(expr).catch(() => [])));
  const unique = new Map(found.flat().map((one) => [one.id, one]));
  // More than these cover the lines.
  return [...unique.values()].sort((a, b) => b.value - a.value).slice(0, 60);
}

/** Series at common times, with null where one has no point. */
function aligned(answers, { api, step }) {
  const times = [];
  for (let at = Math.ceil(api.range.from / step) * step; at <= api.range.to; at += step) times.push(at);
  const series = answers.flatMap(({ query, result }) => result.map(({ metric, values }) => {
    const known = new Map(values.map(([at, value]) => [Math.round(at / step) * step, value === "NaN" ? null : Number(value)]));
    return { name: seriesName(query.legendFormat, metric), labels: metric, values: times.map((at) => known.get(at) ?? null) };
  }));
  return { times, series };
}

async function timeseries(context) {
  const { panel } = context;
  const answers = await answered(context);
  const { times, series } = aligned(answers, context);
  const exemplars = await exemplarsOf(context, answers);
  if (!series.length) return [note("No data in this time.")];
  const custom = panel.fieldConfig?.defaults?.custom ?? {};
  const menu = el("div.menu", { hidden: true });
  const onSeries = (i) => openMenu(menu, panel, series[i].name, { ...context.values, labels: series[i].labels });
  return [chart({
    times, series, unit: unitOf(panel), exemplars, stacked: custom.stacking?.mode === "normal",
    limits: custom.thresholdsStyle?.mode && custom.thresholdsStyle.mode !== "off" ? limitsOf(panel) : [],
    onExemplar: (id) => context.goTo(toTrace(id)), onSeries: panel.fieldConfig?.defaults?.links?.length ? onSeries : undefined,
  }), menu, exemplars.length ? note(`■ ${exemplars.length} exemplars: click one for its trace. `, link("The slowest", toTrace(exemplars[0].id))) : ""];
}

function openMenu(menu, panel, name, values) {
  menu.replaceChildren(el("b", {}, name), valueLinks(panel, values));
  menu.hidden = false;
}

function valueLinks(panel, values) {
  const found = (panel.fieldConfig?.defaults?.links ?? []).map(({ title, url }) => link(title, translated(url, values)));
  return found.length ? el("span.links", {}, found) : "";
}

async function stat(context) {
  const { panel } = context;
  const answers = await answered(context);
  const values = answers.flatMap(({ query, result }) => result.map(({ metric, value, values: range }) => {
    const last = value ?? range?.findLast(([, one]) => one !== "NaN") ?? [0, "NaN"];
    return { name: seriesName(query.legendFormat, metric), value: Number(last[1]) };
  }));
  if (!values.length) return [note("No data in this time.")];
  return [el("div.stats", {}, values.map(({ name, value }) => el("div.stat", { "--own": stepColour(panel, value) },
    el("b", {}, format(value, unitOf(panel))), values.length > 1 && el("small", {}, name))))];
}

function stepColour(panel, value) {
  const steps = panel.fieldConfig?.defaults?.thresholds?.steps ?? [];
  return steps.filter(({ value: from }) => from === null || from === undefined || value >= from).at(-1)?.color;
}

async function table(context) {
  const { panel } = context;
  const answers = await answered(context);
  const { columns, rows } = organized(merged(answers), panel.transformations ?? []);
  if (!rows.length) return [note("No data in this time.")];
  const head = columns.map((name) => el("th", { scope: "col" }, name));
  const cell = (row, name) => {
    const value = row[name];
    return typeof value === "number" ? el("td.number", { "--own": stepColour(panel, value) }, format(value, unitOf(panel, name))) : el("td", {}, value ?? "");
  };
  const linked = panel.fieldConfig?.defaults?.links?.length > 0;
  const line = (row) => el("tr", {}, columns.map((name) => cell(row, name)), linked && el("td", {}, valueLinks(panel, { ...context.values, fields: row })));
  return [el("div.scroll", {}, el("table", {}, el("thead", {}, el("tr", {}, head, linked && el("th", { scope: "col" }, "Open"))), el("tbody", {}, rows.map(line))))];
}

async function heat(context) {
  const answers = await answered(context);
  const { times, series } = aligned(answers, context);
  if (!series.length) return [note("No data in this time.")];
  const bound = ({ labels, name }) => Number((labels.le ?? name).replace("+Inf", "Infinity"));
  const sorted = series.map((one) => ({ ...one, bound: bound(one) })).sort((a, b) => a.bound - b.bound);
  // Buckets of Prometheus count everything up to their bound.
  const rows = sorted.map((row, i) => ({ ...row, values: row.values.map((value, at) => (value ?? 0) - (i ? sorted[i - 1].values[at] ?? 0 : 0)) }));
  const exemplars = await exemplarsOf(context, answers);
  return [heatmap({ times, rows, unit: unitOf(context.panel), exemplars, onExemplar: (id) => context.goTo(toTrace(id)) })];
}

const KINDS = { timeseries, stat, table, heatmap: heat, bargauge: stat, gauge: stat };
