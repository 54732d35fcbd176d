// The tables of dashboards: Grafana's transformations `merge` and `organize`. Pure.

/** One row for each set of labels; the value of query A is `Value #A`, of a single query `Value`. */
export function merged(answers) {
  const rows = new Map();
  for (const { query, result } of answers) {
    const column = answers.length > 1 ? `Value #${query.refId}` : "Value";
    for (const { metric, value, values } of result) {
      const { __name__: _, ...labels } = metric;
      const key = JSON.stringify(Object.entries(labels).sort());
      const last = Number((value ?? values.at(-1))[1]);
      rows.set(key, { ...(rows.get(key) ?? labels), [column]: last });
    }
  }
  const order = [...rows.values()];
  const first = order.length ? Object.keys(order[0]).find((name) => name.startsWith("Value")) : undefined;
  return order.sort((a, b) => (b[first] ?? -Infinity) - (a[first] ?? -Infinity));
}

/** {columns, rows} under their shown names, in the order that `organize` gives; without it all columns. */
export function organized(rows, transformations) {
  const { renameByName = {}, indexByName = {}, includeByName = {}, excludeByName = {} } = transformations.find(({ id }) => id === "organize")?.options ?? {};
  const chosen = Object.keys(includeByName).length > 0;
  const there = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => (chosen ? includeByName[name] : !excludeByName[name]));
  const sorted = there.sort((a, b) => (indexByName[a] ?? Infinity) - (indexByName[b] ?? Infinity));
  const shown = (name) => renameByName[name] || name;
  return {
    columns: sorted.map(shown),
    rows: rows.map((row) => Object.fromEntries(sorted.map((name) => [shown(name), row[name]]))),
  };
}
