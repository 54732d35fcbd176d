// What the page asks of Tempo and Prometheus, through its own server. An AbortSignal ends each request with its view.

async function get(path, query, signal) {
  const answer = await fetch(`${path}?${new URLSearchParams(query)}`, { headers: { Accept: "application/json" }, signal });
  const text = await answer.text();
  if (!answer.ok) throw new Error(reasonOf(text, answer.status));
  try {
    return { status: answer.status, ...JSON.parse(text) };
  } catch {
    throw new Error(`The answer from ${path} is not JSON.`);
  }
}

function reasonOf(text, status) {
  try {
    const { error, message } = JSON.parse(text);
    return `${error ?? message} (${status})`;
  } catch {
    return `${text.trim() || "no answer"} (${status})`;
  }
}

const PARTIAL_CONTENT = 206;

/** A client of one view: its Tempo datasource, its time range in Unix seconds, and the signal that ends it. */
export class Api {
  constructor({ datasource, range, signal }) {
    Object.assign(this, { datasource, range, signal });
  }

  tempo(path, query = {}) {
    return get(`/tempo/${this.datasource}${path}`, query, this.signal);
  }

  async prometheus(path, query = {}) {
    return (await get(`/prometheus/api/v1/${path}`, query, this.signal)).data;
  }

  get window() {
    return { start: Math.floor(this.range.from), end: Math.ceil(this.range.to) };
  }

  /** The newest traces that a TraceQL query finds; without the hint Tempo returns any of them. */
  async search(q, limit = 100, more = {}) {
    const hinted = /\bwith\s*\([^)]*\)\s*$/.test(q) ? q : `${q} with (most_recent=true)`;
    const found = await this.tempo("/api/search", { q: hinted, limit, ...this.window, ...more });
    const start = ({ startTimeUnixNano = 0 }) => Number(BigInt(startTimeUnixNano) / 1000n) / 1000;
    const traces = (found.traces ?? []).map((trace) => ({ ...trace, began: start(trace) }));
    return { traces: traces.sort((a, b) => b.began - a.began), partial: found.status === PARTIAL_CONTENT };
  }

  /** A trace in Tempo's JSON, and what Tempo says is missing of it. */
  async trace(id) {
    const { trace, status, message } = await this.tempo(`/api/v2/traces/${id}`);
    return { trace, missing: status === "PARTIAL" || status === PARTIAL_CONTENT ? message || "Tempo has only a part of it." : "" };
  }

  /** Series of a TraceQL metrics query in the shape of Prometheus' ranges. */
  async traceMetrics(q, step) {
    const { series = [] } = await this.tempo("/api/metrics/query_range", { q, step: `${step}s`, ...this.window });
    return series.map(({ labels = [], samples = [] }) => ({
      metric: Object.fromEntries(labels.map(({ key, value }) => [key, String(Object.values(value)[0] ?? "")])),
      values: samples.map(({ timestampMs, value = 0 }) => [Number(timestampMs) / 1000, String(value)]),
    }));
  }

  async instant(query) {
    const { result, resultType } = await this.prometheus("query", { query, time: this.window.end });
    return resultType === "vector" ? result : [{ metric: {}, value: result }];
  }

  async series(query, step) {
    // Aligned to the step, so that points do not move when the view refreshes.
    const [start, end] = [Math.ceil(this.range.from / step) * step, Math.floor(this.range.to / step) * step];
    return (await this.prometheus("query_range", { query, start, end, step })).result;
  }

  async exemplars(query) {
    const found = await this.prometheus("query_exemplars", { query, ...this.window });
    return found.flatMap(({ exemplars }) => exemplars).map(({ labels, value, timestamp }) => ({
      id: labels.trace_id ?? labels.traceID, value: Number(value), at: timestamp,
    })).filter(({ id }) => id);
  }

  labelValues({ label, metric }) {
    return this.prometheus(`label/${label}/values`, { ...(metric ? { "match[]": metric } : {}), ...this.window });
  }
}

export const definitions = () => get("/definitions.json", {});
export const dashboard = (uid, signal) => get(`/dashboards/${uid}.json`, {}, signal);
