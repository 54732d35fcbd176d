// Grafana's variables: what is in a query or a link for them. Pure.

const NAME = /\$\{([^}:]+)(?::([^}]+))?\}|\$(\w+)|\[\[(\w+)\]\]/g;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

/** The choices of a variable written for PromQL's and TraceQL's `=~`: one as it is, several as (a|b), all as `.*`. */
export function asPattern(values) {
  // Inside a quoted string of either language a backslash is written twice.
  const escaped = values.map((value) => value.replace(SPECIAL, "\\$&").replaceAll("\\", "\\\\"));
  return escaped.length === 1 ? escaped[0] : `(${escaped.join("|")})`;
}

/** The values of Grafana's own variables for a time range (Unix seconds), the points of a graph and its step. */
export function builtIn({ from, to }, step, scrape) {
  const range = Math.max(1, Math.round(to - from));
  return {
    __range: `${range}s`, __range_s: String(range), __range_ms: String(range * 1000),
    __interval: `${step}s`, __interval_ms: String(step * 1000),
    // A rate needs four scrapes: two, and one that fails, and one for the borders.
    __rate_interval: `${Math.max(step + scrape, 4 * scrape)}s`,
    __from: String(Math.round(from * 1000)), __to: String(Math.round(to * 1000)),
    __url_time_range: `from=${Math.round(from * 1000)}&to=${Math.round(to * 1000)}`,
  };
}

/**
 * The text with its variables replaced. `values` has a text, or a list of choices, by name; a list whose only member
 * is "$__all" stands for `all`. Unknown names stay as they are, so that the server's error shows them.
 */
export function interpolate(text, values) {
  return text.replace(NAME, (whole, braced, how, plainName, bracket) => {
    const value = lookup(values, braced ?? plainName ?? bracket);
    if (value === undefined) return whole;
    if (how === "percentencode") return encodeURIComponent(Array.isArray(value) ? value.join(",") : value);
    if (!Array.isArray(value)) return String(value);
    if (how === "pipe") return value.join("|");
    if (how === "csv" || how === "raw") return value.join(",");
    return value[0] === "$__all" ? ".*" : asPattern(value);
  });
}

function lookup(values, name) {
  if (Object.hasOwn(values, name)) return values[name];
  const field = /^__field\.labels(?:\.(\w+)|\["([^"]+)"\])$/.exec(name);
  if (field) return values.labels?.[field[1] ?? field[2]];
  const data = /^__data\.fields(?:\.(\w+)|\["([^"]+)"\])$/.exec(name);
  return data ? values.fields?.[data[1] ?? data[2]] : undefined;
}

/** What a query variable asks for: {label, metric}, of `label_values(metric, label)` or `label_values(label)`. */
export function labelValues(query) {
  const text = typeof query === "string" ? query : query?.query ?? "";
  const inside = /^\s*label_values\((.*)\)\s*$/s.exec(text)?.[1];
  const [, metric, label] = /^(?:(.*),)?\s*(\w+)\s*$/s.exec(inside ?? "") ?? [];
  return label ? { label, metric: metric?.trim() ?? "" } : null;
}

/** A series' name: `{{label}}` replaced, `__auto` or nothing as all its labels. */
export function seriesName(legend, labels) {
  if (legend && legend !== "__auto") return legend.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, label) => labels[label] ?? "");
  const { __name__: name = "", ...others } = labels;
  const inner = Object.entries(others).map(([label, value]) => `${label}="${value}"`).join(", ");
  return inner ? (Object.keys(others).length === 1 && !name ? Object.values(others)[0] : `${name}{${inner}}`) : name || "value";
}

/** The seconds between two points of a graph that is so many pixels wide: a round number, at least `least`, as often as is scraped. */
export function stepOf({ from, to }, pixels, least) {
  const wanted = (to - from) / Math.max(50, pixels / 2);
  const round = [15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400];
  return round.find((step) => step >= Math.max(wanted, least)) ?? 86400;
}
