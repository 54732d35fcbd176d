// Graphs over time with uPlot: lines, areas, limits and exemplars; and heatmaps.

import uPlot from "./uPlot.esm.js";
import { colour, el, resolved } from "./dom.js";
import { format } from "./format.js";

const HEIGHT = 190;
const VIRIDIS = ["#440154", "#414487", "#2a788e", "#22a884", "#7ad151", "#fde725"];

/**
 * A graph. `graph` has: times (Unix seconds), series [{name, values}], unit, limits [{value, colour}], stacked,
 * exemplars [{at, value, id}], onExemplar(id), onSeries(index).
 */
export function chart(graph) {
  const box = el("div.chart");
  const values = graph.stacked ? stacked(graph.series) : graph.series.map((one) => one.values);
  return drawnWhenSized(box, (width) => new uPlot({
    ...frame(width, graph), scales: { x: { time: true }, y: { range: (_, least, most) => bounds(least, most, graph) } },
    series: [{}, ...graph.series.map((one) => style(one, graph))],
    hooks: { draw: [(plot) => limits(plot, graph.limits ?? []), (plot) => points(plot, graph.exemplars ?? [])] },
    plugins: [clickable(graph)],
  }, [graph.times, ...values], box));
}

/** uPlot needs its width; panels get theirs when they are in the document, and another when the window changes. */
function drawnWhenSized(box, make) {
  let plot = null;
  new ResizeObserver(([{ contentRect }]) => {
    if (!contentRect.width) return;
    if (plot) plot.setSize({ width: contentRect.width, height: plot.height });
    else plot = make(contentRect.width);
  }).observe(box);
  return box;
}

function frame(width, { unit }) {
  const axis = { stroke: resolved("var(--soft)"), grid: { stroke: resolved("var(--line)"), width: 1 }, ticks: { show: false } };
  return {
    width, height: HEIGHT, cursor: { sync: { key: "dashboard" }, points: { size: 5 } },
    axes: [axis, { ...axis, size: 76, values: (_, ticks) => ticks.map((tick) => format(tick, unit)) }],
  };
}

function style({ name }, { unit, stacked: areas }) {
  const stroke = resolved(colour(name));
  return {
    label: name, stroke, width: 1.5, fill: stroke.replace(/\)$/, areas ? " / 0.5)" : " / 0.07)"), points: { size: 4 },
    value: (_, value) => format(value, unit),
  };
}

function stacked(series) {
  const below = [];
  return series.map(({ values }) => values.map((value, i) => (below[i] = (below[i] ?? 0) + (value ?? 0)))).reverse();
}

/** From zero, or from the smallest if it is below; up to the first limit if the values come near it. */
function bounds(least, most, { limits: lines = [], exemplars = [] }) {
  const highest = Math.max(most ?? 0, ...exemplars.map(({ value }) => value));
  const near = lines.map(({ value }) => value).filter((value) => value <= highest * 2);
  return [Math.min(0, least ?? 0), Math.max(highest, ...near, 0) * 1.08 || 1];
}

function limits(plot, lines) {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.setLineDash([6, 5]);
  for (const { value, colour: stroke } of lines) {
    const y = plot.valToPos(value, "y", true);
    if (y < bbox.top || y > bbox.top + bbox.height) continue;
    ctx.strokeStyle = stroke;
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
  }
  ctx.restore();
}

function points(plot, exemplars) {
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = resolved("var(--main)");
  for (const { at, value } of exemplars) {
    const [x, y] = [plot.valToPos(at, "x", true), plot.valToPos(value, "y", true)];
    ctx.fillRect(x - 4, y - 4, 8, 8);
  }
  ctx.restore();
}

const NEAR = 10;

/** A click opens the exemplar near it, else what the nearest line leads to. */
function clickable({ exemplars = [], onExemplar, onSeries }) {
  const near = (plot) => exemplars
    .map((one) => ({ one, far: Math.hypot(plot.valToPos(one.at, "x") - plot.cursor.left, plot.valToPos(one.value, "y") - plot.cursor.top) }))
    .sort((a, b) => a.far - b.far)[0];
  const nearest = (plot) => plot.data.slice(1)
    .map((values, i) => ({ i, far: Math.abs(plot.valToPos(values[plot.cursor.idx] ?? Infinity, "y") - plot.cursor.top) }))
    .filter(({ far }) => Number.isFinite(far)).sort((a, b) => a.far - b.far)[0];
  return { hooks: { ready: (plot) => plot.over.addEventListener("click", () => {
    const found = near(plot);
    if (found && found.far < NEAR) onExemplar?.(found.one.id);
    else if (nearest(plot)) onSeries?.(nearest(plot).i);
  }) } };
}

/** A heatmap: `rows` are buckets [{name, bound, values}] from low to high, not cumulative. */
export function heatmap({ times, rows, unit, exemplars = [], onExemplar }) {
  const box = el("div.chart");
  const most = rows.reduce((max, { values }) => Math.max(max, ...values.map((value) => value ?? 0)), 0);
  const labels = rows.map(({ bound, name }) => (Number.isFinite(bound) ? format(bound, unit) : name));
  // An exemplar lies in the row of the first bucket that holds it.
  const marks = exemplars.map((one) => ({ ...one, value: rows.findIndex(({ bound }) => one.value <= bound) + 0.5 })).filter(({ value }) => value > 0);
  const graph = { unit, exemplars: marks, onExemplar };
  return drawnWhenSized(box, (width) => {
    const base = frame(width, graph);
    base.axes[1] = { ...base.axes[1], splits: () => rows.map((_, i) => i + 0.5), values: () => labels.map((text, i) => (i % Math.ceil(rows.length / 8) ? "" : text)) };
    return new uPlot({
      ...base, legend: { show: false }, scales: { x: { time: true }, y: { range: [0, Math.max(1, rows.length)] } }, series: [{}, { paths: () => null, points: { show: false } }],
      hooks: { draw: [(plot) => cells(plot, times, rows, most), (plot) => points(plot, marks)] }, plugins: [clickable(graph)],
    }, [times, times.map(() => null)], box);
  });
}

function cells(plot, times, rows, most) {
  const { ctx } = plot;
  ctx.save();
  const wide = times.length > 1 ? plot.valToPos(times[1], "x", true) - plot.valToPos(times[0], "x", true) : 10;
  rows.forEach(({ values }, row) => values.forEach((value, i) => {
    if (!value) return;
    ctx.fillStyle = VIRIDIS[Math.min(VIRIDIS.length - 1, Math.floor((VIRIDIS.length * value) / (most * 1.001)))];
    const top = plot.valToPos(row + 1, "y", true);
    ctx.fillRect(plot.valToPos(times[i], "x", true) - wide, top, wide - 1, plot.valToPos(row, "y", true) - top - 1);
  }));
  ctx.restore();
}
