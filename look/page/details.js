// What is known of one span, with the links to its logs and metrics.

import { el, link } from "./dom.js";
import { duration } from "./format.js";
import { logsQuery, metricsQueries, toLogs } from "./links.js";

// Around a span, as the datasource's definition says it for Grafana (`2s`, `-2m`), in seconds.
const shift = (text = "0s") => {
  const [, sign, count, unit] = /^(-?)(\d+)([smhd])$/.exec(text) ?? [];
  return count ? Number(`${sign}${count}`) * { s: 1, m: 60, h: 3600, d: 86400 }[unit] : 0;
};

/** The elements for a row of the waterfall; `context` has definitions, the trace's id, and when it began. */
export function details(span, context) {
  const own = {
    service: span.service, kind: span.kind, start: `+${duration(span.start)}`, duration: duration(span.ms),
    "span id": span.id, ...(span.parent ? { "parent id": span.parent } : {}), ...(span.scope ? { library: span.scope } : {}),
  };
  if (span.failed) own.status = span.message || "error";
  return [
    el("h2", {}, span.name),
    span.orphan ? el("p.note", {}, "Its parent span is missing: it was lost, dropped, or is not sent by this service's caller.") : "",
    links(span, context),
    list("Span", own), list("Attributes", span.attributes),
    ...span.events.map((event) => list(`Event ${event.name} at +${duration(event.at)}`, event.attributes, true)),
    ...span.links.map((one) => el("p", {}, "Link to ", el("a", { href: context.href(`/traces/${one.trace}`) }, one.trace))),
    list("Resource", span.resource),
  ].filter(Boolean);
}

function links(span, context) {
  const { tracesToLogsV2: logs, tracesToMetrics: metrics } = context.definitions.links;
  const window = (definition) => ({
    from: Math.floor(context.began + span.start + 1000 * shift(definition.spanStartTimeShift)),
    to: Math.ceil(context.began + span.start + span.ms + 1000 * shift(definition.spanEndTimeShift)),
  });
  const found = [];
  if (logs) found.push(link("Logs", toLogs(logsQuery(logs, span, context.id), logs.datasourceUid, window(logs)), "a.logs"));
  for (const { name, query } of metricsQueries(metrics, span)) found.push(link(name, context.href("/metrics", { q: query, title: name, ...window(metrics) })));
  return el("nav.links", { "aria-label": "Of this span" }, found);
}

function list(title, values, always = false) {
  const entries = Object.entries(values).sort(([a], [b]) => (title === "Span" ? 0 : a.localeCompare(b)));
  if (!entries.length && !always) return "";
  return el("section", {}, el("h3", {}, title), el("dl", {}, entries.map(([name, value]) => [el("dt", {}, name), el("dd", {}, String(value))])));
}
