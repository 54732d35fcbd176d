// The critical path of a trace: where its duration was spent. Pure.

/**
 * The parts of the critical path, as {id, from, to} in milliseconds, last part first.
 *
 * Walked backwards from the end of the root: the span that ends last and not later is what its parent waited for, so
 * the path goes through it; between the children it is the parent's own. The clocks of two hosts differ, so a child
 * that outlasts its parent is cut; a consumer of a message is not: nobody waited for it. The root is the span
 * without a parent, of several the longest.
 */
export function criticalPath(spans) {
  const below = new Map();
  for (const span of spans) {
    if (!below.has(span.parent)) below.set(span.parent, []);
    below.get(span.parent).push(span);
  }
  const ids = new Set(spans.map((span) => span.id));
  const own = spans.filter((span) => !span.parent);
  const roots = own.length ? own : spans.filter((span) => !ids.has(span.parent));
  const root = roots.reduce((best, span) => (!best || span.ms > best.ms ? span : best), null);
  return root ? walk(root, below) : [];
}

function walk(root, below) {
  const parts = [];
  const seen = new Set([root.id]);
  const enter = (span, from, until) => ({ id: span.id, from, until, left: endingLast(below.get(span.id), from, until) });
  const stack = [enter(root, root.start, root.start + root.ms)];
  while (stack.length) {
    const frame = stack[stack.length - 1];
    const child = frame.left.shift();
    if (!child) {
      if (frame.until > frame.from) parts.push({ id: frame.id, from: frame.from, to: frame.until });
      stack.pop();
    } else if (child.end <= frame.until && !seen.has(child.span.id)) {
      // Others ran beside what is explained already.
      if (frame.until > child.end) parts.push({ id: frame.id, from: child.end, to: frame.until });
      seen.add(child.span.id);
      frame.until = child.start;
      stack.push(enter(child.span, child.start, child.end));
    }
  }
  return parts;
}

/** The children that a span waited for, cut to its time, the one that ended last first. */
function endingLast(children = [], from, until) {
  return children
    .map((span) => ({
      span,
      start: Math.max(span.start, from),
      end: span.kind === "consumer" ? span.start + span.ms : Math.min(span.start + span.ms, until),
    }))
    .filter(({ start, end }) => start < end && end <= until)
    .sort((a, b) => b.end - a.end);
}
