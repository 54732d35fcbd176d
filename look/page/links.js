// Where the links of the definitions lead on this page, and from a span to its logs and metrics. Pure.

import { interpolate } from "./variables.js";

const param = (values) => new URLSearchParams(Object.entries(values).filter(([, v]) => v !== undefined && v !== "")).toString();

/** An address of this page: a view with parameters. */
export const view = (path, values = {}) => `#${path}${param(values) ? `?${param(values)}` : ""}`;

/** The search for a TraceQL query; one trace by its id. */
export const toSearch = (q, more = {}) => view("/traces", { q, ...more });
export const toTrace = (id, more = {}) => view(`/traces/${id}`, more);
export const toLogs = (expr, backend, more = {}) => view("/logs", { expr, backend, ...more });

/**
 * An address of Grafana to one of this page: searches in Explore, logs, dashboards. Other addresses of the web are
 * kept, anything else (such as `javascript:`) is null.
 */
export function translated(url, values = {}) {
  const full = interpolate(url, values);
  if (/^https?:\/\//.test(full)) return { href: full, outside: true };
  const [path, query = ""] = full.split("?");
  const asked = new URLSearchParams(query);
  if (path === "/explore") return explored(asked.get("panes"));
  const board = /^\/d\/([\w-]+)/.exec(path);
  if (!board) return null;
  const kept = [...asked].filter(([name]) => name === "from" || name === "to" || name.startsWith("var-"));
  const text = new URLSearchParams(kept).toString();
  return { href: `#/dashboards/${board[1]}${text ? `?${text}` : ""}`, outside: false };
}

function explored(panes) {
  try {
    const [{ queries, range, datasource }] = Object.values(JSON.parse(panes));
    const [query] = queries;
    const when = { from: range?.from, to: range?.to };
    if (query.datasource?.type === "tempo") {
      return { href: toSearch(query.query, { ...when, ds: datasource }), outside: false };
    }
    return { href: toLogs(query.expr ?? query.query, query.datasource?.type ?? datasource, when), outside: false };
  } catch {
    return null;
  }
}

const quoted = (text) => `"${String(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
const selector = (tags, span) =>
  tags.map(({ key, value }) => [value || key, span.attributes[key] ?? span.resource[key]]).filter(([, v]) => v !== undefined)
    .map(([label, v]) => `${label}=${quoted(v)}`).join(", ");

/** The query for the logs of a span's trace, by the datasource's `tracesToLogsV2`. */
export function logsQuery(definition, span, traceId) {
  if (definition.customQuery) return definition.query.replaceAll("${__span.traceId}", traceId);
  const streams = selector(definition.tags ?? [], span) || 'service_name=~".+"';
  if (!definition.filterByTraceID) return `{${streams}}`;
  // Loki keeps the id in the line or in structured metadata, and has one filter for each.
  return `{${streams}} | label_format in_line=\`{{ contains "${traceId}" __line__ }}\` | in_line="true" or trace_id="${traceId}"`;
}

/** The queries for the metrics of a span, by the datasource's `tracesToMetrics`: [{name, query}]. */
export function metricsQueries(definition, span) {
  const tags = selector(definition?.tags ?? [], span);
  return (definition?.queries ?? []).map(({ name, query }) => ({ name, query: query.replaceAll("$__tags", tags) }));
}
