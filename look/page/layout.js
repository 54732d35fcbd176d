// Where the services of a map lie: in columns from callers to called. Pure.

export const COLUMN = 260;
export const LINE = 84;
const MARGIN_X = 90;
const MARGIN_Y = 44;

/** The column of each service: the longest way from one that nobody calls; circles are cut where they close. */
export function columns(names, edges) {
  const calls = new Map(names.map((name) => [name, []]));
  const called = new Set();
  for (const { from, to } of edges) if (from !== to) { calls.get(from).push(to); called.add(to); }
  const order = [];
  const state = new Map();
  const forward = [];
  const visit = (name) => {
    state.set(name, "open");
    for (const to of calls.get(name)) {
      if (state.get(to) === "open") continue;
      forward.push([name, to]);
      if (!state.has(to)) visit(to);
    }
    state.set(name, "done");
    order.push(name);
  };
  for (const name of [...names.filter((one) => !called.has(one)), ...names]) if (!state.has(name)) visit(name);
  const column = new Map(names.map((name) => [name, 0]));
  const after = new Map(names.map((name) => [name, []]));
  for (const [from, to] of forward) after.get(from).push(to);
  for (const from of order.reverse())
    for (const to of after.get(from)) column.set(to, Math.max(column.get(to), column.get(from) + 1));
  return column;
}

/** The place {x, y} of each service by its name, with the size of the whole: near the middle of those who call it. */
export function layout(edges) {
  const names = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].sort();
  const column = columns(names, edges);
  const rows = new Map();
  for (let x = 0; x <= Math.max(-1, ...column.values()); x += 1) {
    const wishes = names.filter((name) => column.get(name) === x).map((name) => {
      const callers = edges.filter(({ from, to }) => to === name && rows.has(from)).map(({ from }) => rows.get(from));
      return { name, wish: callers.length ? callers.reduce((a, b) => a + b) / callers.length : 0 };
    }).sort((a, b) => a.wish - b.wish || a.name.localeCompare(b.name));
    const middle = wishes.reduce((sum, { wish }) => sum + wish, 0) / (wishes.length || 1);
    let last = -Infinity;
    wishes.forEach(({ name, wish }, i) => {
      last = Math.max(last + 1, Math.min(wish, middle + i - (wishes.length - 1) / 2));
      rows.set(name, last);
    });
  }
  const top = Math.min(0, ...rows.values());
  const place = new Map(names.map((name) => [name, {
    x: MARGIN_X + column.get(name) * COLUMN, y: MARGIN_Y + (rows.get(name) - top) * LINE,
  }]));
  const width = 2 * MARGIN_X + Math.max(0, ...column.values()) * COLUMN;
  const height = 2 * MARGIN_Y + (Math.max(0, ...rows.values()) - top) * LINE;
  return { place, width, height };
}
