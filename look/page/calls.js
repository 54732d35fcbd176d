// Who calls whom: from the service graph's metrics, else from the latest traces.

import { attributes } from "./tree.js";

const SELECT = "select(nestedSetLeft, nestedSetParent, resource.service.name, status, kind, span.server.address, span.db.system.name, span.db.system)";
const TRACES = 200;
// Tempo's limit of spans of a trace in a search.
const SPANS = 100;

/** {edges: [{from, to, calls, failed}], source}; `fromTraces` skips Prometheus. */
export async function calls(api, fromTraces) {
  const counted = fromTraces ? new Map() : await fromMetrics(api);
  if (counted.size) return { source: "the service graph that Tempo keeps in Prometheus", edges: [...counted.values()] };
  const { traces } = await api.search(`{} | ${SELECT}`, TRACES, { spss: SPANS });
  return { source: `the latest ${traces.length} traces`, edges: edgesOf(traces) };
}

async function fromMetrics(api) {
  const { start, end } = api.window;
  const count = (metric) => api.instant(`sum by (client, server) (increase(${metric}[${end - start}s])) > 0`);
  try {
    const [all, failed] = await Promise.all([count("traces_service_graph_request_total"), count("traces_service_graph_request_failed_total")]);
    const edges = new Map(all.map(({ metric, value }) => [`${metric.client}\n${metric.server}`, { from: metric.client, to: metric.server, calls: Number(value[1]), failed: 0 }]));
    for (const { metric, value } of failed) {
      const edge = edges.get(`${metric.client}\n${metric.server}`);
      if (edge) edge.failed = Number(value[1]);
    }
    return edges;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return new Map();
  }
}

/** The calls among the spans of search results that select nestedSetLeft and nestedSetParent. Pure. */
export function edgesOf(traces) {
  const edges = new Map();
  const add = (from, to, failed) => {
    const edge = edges.get(`${from}\n${to}`) ?? { from, to, calls: 0, failed: 0 };
    edges.set(`${from}\n${to}`, { ...edge, calls: edge.calls + 1, failed: edge.failed + (failed ? 1 : 0) });
  };
  for (const { spanSets = [] } of traces) {
    const spans = spanSets.flatMap((set) => set.spans).map(attributes);
    const at = new Map(spans.map((span) => [span.nestedSetLeft, span]));
    const answered = new Set(spans.filter((span) => at.get(span.nestedSetParent)?.["service.name"] !== span["service.name"]).map((span) => span.nestedSetParent));
    for (const span of spans) {
      const [own, caller] = [span["service.name"], at.get(span.nestedSetParent)?.["service.name"]];
      const failed = span.status === "error";
      if (caller && caller !== own) add(caller, own, failed);
      // A client's span without an answer below it called something that sends no spans, such as a database.
      const outside = span["db.system.name"] ?? span["db.system"] ?? span["server.address"];
      if (span.kind === "client" && outside && !answered.has(span.nestedSetLeft)) add(own, outside, failed);
    }
  }
  return [...edges.values()];
}
