// From Tempo's JSON of a trace to spans in the order of a tree. Pure: no document, no network.

const plain = (value = {}) =>
  value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue ??
  (value.arrayValue ? JSON.stringify((value.arrayValue.values ?? []).map(plain)) : JSON.stringify(value));

/** The attributes of a span, an event, a resource or a search result, as an object of plain values. */
export const attributes = (of) => Object.fromEntries((of?.attributes ?? []).map(({ key, value }) => [key, plain(value)]));

/** An id in hexadecimal, as people know it; Tempo's JSON has it in base64. */
export function hex(id = "") {
  if (/^([0-9a-f]{16}|[0-9a-f]{32})$/i.test(id)) return id.toLowerCase();
  return Array.from(atob(id), (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** Nanoseconds as text to milliseconds since `origin`, also in nanoseconds: a double holds no Unix nanoseconds. */
const since = (origin, nanoseconds) => Number(BigInt(nanoseconds) - origin) / 1e6;

/**
 * The spans of a trace, and when it began, in Unix milliseconds.
 * A span has: id, parent, name, kind, service, start and ms (milliseconds since the trace began, and long), failed,
 * message, attributes, resource, events, scope.
 */
export function readTrace(trace) {
  const groups = trace?.resourceSpans ?? trace?.batches ?? [];
  const times = groups.flatMap((g) => g.scopeSpans.flatMap((s) => s.spans.map((span) => BigInt(span.startTimeUnixNano ?? 0))));
  const origin = times.reduce((least, time) => (time < least ? time : least), times[0] ?? 0n);
  const spans = groups.flatMap(({ resource, scopeSpans }) => {
    const own = attributes(resource);
    return scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => read(span, own, scope?.name ?? "", origin)));
  });
  return { spans, began: Number(origin / 1000n) / 1000 };
}

function read(span, resource, scope, origin) {
  const start = since(origin, span.startTimeUnixNano ?? 0);
  return {
    id: hex(span.spanId), parent: hex(span.parentSpanId), name: span.name || "(no name)",
    kind: String(span.kind ?? "").replace("SPAN_KIND_", "").toLowerCase(),
    service: String(resource["service.name"] ?? "unknown"),
    start, ms: Math.max(0, since(origin, span.endTimeUnixNano ?? span.startTimeUnixNano ?? 0) - start),
    failed: span.status?.code === "STATUS_CODE_ERROR" || span.status?.code === 2, message: span.status?.message ?? "",
    attributes: attributes(span), resource, scope,
    events: (span.events ?? []).map((event) => ({
      name: event.name, at: since(origin, event.timeUnixNano ?? 0), attributes: attributes(event),
    })),
    links: (span.links ?? []).map((link) => ({ trace: hex(link.traceId), span: hex(link.spanId) })),
  };
}

/**
 * The spans in the order of a tree, each with `depth`, `children` (their number) and `orphan`: its parent is missing.
 * Orphans are roots. Spans whose ancestors form a circle come last, each as a root: none is left out.
 */
export function inTreeOrder(spans) {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const below = new Map();
  const roots = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.ms - a.ms)) {
    if (!span.parent || !byId.has(span.parent) || span.parent === span.id) roots.push(span);
    else if (below.has(span.parent)) below.get(span.parent).push(span);
    else below.set(span.parent, [span]);
  }
  const rows = [];
  const seen = new Set();
  const walk = (root) => {
    const stack = [[root, 0]];
    while (stack.length) {
      const [span, depth] = stack.pop();
      if (seen.has(span)) continue;
      seen.add(span);
      const children = below.get(span.id) ?? [];
      rows.push({ ...span, depth, children: children.length, orphan: Boolean(span.parent) && !byId.has(span.parent) });
      for (let i = children.length - 1; i >= 0; i -= 1) stack.push([children[i], depth + 1]);
    }
  };
  roots.forEach(walk);
  spans.forEach((span) => seen.has(span) || walk(span));
  return rows;
}

/** The rows that remain when the spans in `closed` (ids) hide what is below them. */
export function visibleRows(rows, closed) {
  const shown = [];
  let hidden = Infinity;
  for (const row of rows) {
    if (row.depth > hidden) continue;
    hidden = closed.has(row.id) ? row.depth : Infinity;
    shown.push(row);
  }
  return shown;
}
