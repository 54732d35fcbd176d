// The view of a search: TraceQL or a trace id, and the traces found.

import { chip, colour, el, note } from "./dom.js";
import { duration } from "./format.js";

const EXAMPLES = [
  ["all", "{}"],
  ["failed", "{ status = error }"],
  ["slow", "{ trace:duration > 1s }"],
  ["failed below a checkout", '{ span.http.route = "/checkout" } >> { status = error }'],
  ["of a database", "{ span.db.system.name != nil || span.db.system != nil }"],
  ["spans without their parent", "{ nestedSetParent < 0 && kind = client }"],
];
const ID = /^[0-9a-f]{1,32}$/i;

/** Draw it into `main`; `context` has api, definitions, parameters and `go(path, parameters)`. */
export async function searchView(main, context) {
  const query = context.parameters.get("q") || "{}";
  const input = el("input", {
    "aria-label": "TraceQL query or trace id", spellcheck: "false", autocomplete: "off", autocapitalize: "off", value: query,
  });
  const submit = (event) => {
    event.preventDefault();
    const wanted = input.value.trim() || "{}";
    if (ID.test(wanted)) context.go(`/traces/${wanted}`);
    else if (wanted === query) context.refresh();
    else context.go("/traces", { q: wanted });
  };
  const examples = EXAMPLES.map(([name, q]) =>
    el("a", { href: context.href("/traces", { q }), title: q, "aria-current": q === query && "true" }, name));
  const results = el("section", { "aria-label": "Traces", "aria-busy": "true" });
  main.replaceChildren(
    el("form.search", { onsubmit: submit, role: "search" }, input, el("button.main", {}, "Search")),
    el("nav.examples", { "aria-label": "Examples" }, examples), results);
  const { traces, partial } = await context.api.search(query);
  results.removeAttribute("aria-busy");
  results.append(
    partial && note("Tempo has not searched everything: choose a shorter time for all of it."),
    ...(traces.length ? [table(traces, context)] : empty(query, context)));
  results.querySelectorAll("p:empty").forEach((one) => one.remove());
}

function empty(query, { definitions: { kept }, rangeText }) {
  const sampled = kept.baseline_percentage < 100
    ? `Of traces that neither fail nor take longer than ${kept.slow_threshold_ms} ms, ${kept.baseline_percentage} % are kept.`
    : "Every trace is kept.";
  return [el("p.empty", {}, el("b", {}, "No trace matches "), el("code", {}, query)), el("ul.empty", {},
    el("li", {}, `Searched: ${rangeText}. Choose a longer time above.`),
    el("li", {}, `A trace can be found some seconds after its last span: the sampler decides ${kept.decision_wait_seconds} s after the first.`),
    el("li", {}, `${sampled} They are deleted after ${kept.detailed_hours} h.`),
    query !== "{}" && el("li", {}, "Does {} find any? If not, nothing arrives: see the dashboard of the collectors."))];
}

/** A table of traces; dashboards use it too. */
export function table(traces, context) {
  const longest = Math.max(1, ...traces.map((trace) => trace.durationMs ?? 0));
  const head = ["Trace", "Spans", "Errors", "Duration", "Start"].map((text) => el("th", { scope: "col" }, text));
  return el("div.card.scroll", {}, el("table.traces", {}, el("thead", {}, el("tr", {}, head)),
    el("tbody", {}, traces.map((trace) => row(trace, longest, context)))));
}

function row(trace, longest, context) {
  const stats = Object.entries(trace.serviceStats ?? {});
  const sum = (key) => stats.reduce((total, [, own]) => total + (own[key] ?? 0), 0);
  const errors = sum("errorCount");
  const target = context.href(`/traces/${trace.traceID}`);
  const open = (event) => event.target.closest("a") || context.goTo(target);
  const name = trace.rootServiceName === "<root span not yet received>" ? "its first span is missing" : trace.rootServiceName;
  return el(errors ? "tr.failed" : "tr", { onclick: open },
    el("td.what", {}, el("a", { href: target, "--own": colour(name ?? "") }, el("b", {}, name ?? "unknown"), ` ${trace.rootTraceName ?? ""}`),
      el("div", {}, stats.map(([service, own]) => chip(service, `${service} ${own.spanCount ?? 0}`)))),
    el("td.number", {}, String(sum("spanCount") || "")),
    el("td.number", {}, errors ? el("span.bad", {}, `✖ ${errors}`) : ""),
    el("td.took", {}, el("span.meter", { "--share": (trace.durationMs ?? 0) / longest }), duration(trace.durationMs ?? 0)),
    el("td.soft", {}, new Date(trace.began).toLocaleString()));
}
