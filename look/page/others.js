// Small views: the metrics of a span, the logs that are not here, and the alerts that fire.

import { chart } from "./chart.js";
import { el, link, note } from "./dom.js";
import { format } from "./format.js";
import { builtIn, interpolate, seriesName, stepOf } from "./variables.js";

/** A graph of one PromQL query, of the links of a span. */
export async function metricsView(main, { api, parameters, definitions: { scrape_seconds: scrape } }) {
  const step = stepOf(api.range, main.clientWidth, scrape);
  const query = interpolate(parameters.get("q") ?? "", builtIn(api.range, step, scrape));
  main.replaceChildren(el("div.title", {}, el("h1", {}, parameters.get("title") ?? "Metrics"), el("code", {}, query)));
  const found = await api.series(query, step);
  if (!found.length) return void main.append(note("No data in this time."));
  const times = [...new Set(found.flatMap(({ values }) => values.map(([at]) => at)))].sort((a, b) => a - b);
  const series = found.map(({ metric, values }) => {
    const known = new Map(values.map(([at, value]) => [at, value === "NaN" ? null : Number(value)]));
    return { name: seriesName("", metric), values: times.map((at) => known.get(at) ?? null) };
  });
  main.append(el("div.card.panel", {}, chart({ times, series, unit: "short" })));
}

/** The query for logs, to be copied: the lab keeps none. */
export function logsView(main, { parameters, definitions }) {
  const query = parameters.get("expr") ?? "";
  const when = ["from", "to"].map((name) => parameters.get(name)).filter((text) => /^\d+$/.test(text ?? "")).map((ms) => new Date(Number(ms)).toLocaleString());
  const copied = el("span.soft", { role: "status" });
  const copy = () => navigator.clipboard.writeText(query).then(() => copied.replaceChildren(" copied"), () => copied.replaceChildren(" select it and copy"));
  main.replaceChildren(el("div.card.text", {}, el("h1", {}, "Logs"),
    el("p", {}, `The lab keeps no logs. Where the platform does, this finds them in Grafana's Explore, datasource ${parameters.get("backend") || definitions.logs_backend}${when.length ? `, from ${when.join(" to ")}` : ""}:`),
    el("pre.query", { tabindex: "0" }, query), el("button", { onclick: copy }, "Copy"), copied));
}

/** The alerts that are pending or fire now, with their runbooks. */
export async function alertsView(main, { api }) {
  const { alerts } = await api.prometheus("alerts");
  const rank = { firing: 0, pending: 1 };
  const sorted = alerts.sort((a, b) => rank[a.state] - rank[b.state] || a.labels.alertname.localeCompare(b.labels.alertname));
  main.replaceChildren(alerts.length ? el("ul.boards", {}, sorted.map(alert)) : el("p.empty", {}, "No alert fires."));
}

function alert({ labels, annotations = {}, state, activeAt, value }) {
  const { alertname, ...others } = labels;
  const since = format((Date.now() - Date.parse(activeAt)) / 1000, "s");
  const target = annotations.runbook_url ? { href: annotations.runbook_url, outside: true } : null;
  return el("li.card", {}, el("h2", {}, el(state === "firing" ? "span.bad" : "span.orphan", {}, state === "firing" ? "✖ " : "◌ "), alertname, el("small.soft", {}, ` ${state} for ${since}, value ${format(Number(value), "short")}`)),
    el("p", {}, annotations.summary ?? annotations.description ?? ""), el("p.soft", {}, Object.entries(others).map(([name, text]) => `${name}=${text}`).join(" · ")),
    target && /^https?:/.test(target.href) && link("Runbook", target));
}
