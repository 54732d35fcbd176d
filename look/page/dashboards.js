// The views of dashboards: their list, and one of them with its variables and panels.

import { dashboard } from "./api.js";
import { el, failure, link, note } from "./dom.js";
import { translated } from "./links.js";
import { panelBody } from "./panels.js";
import { interpolate, labelValues } from "./variables.js";

const ALL = "$__all";

/** Draw the list of dashboards. */
export function listView(main, { definitions, href }) {
  main.replaceChildren(el("ul.boards", {}, definitions.dashboards.map(({ uid, title, description, tags }) =>
    el("li.card", {}, el("a", { href: href(`/dashboards/${uid}`, { from: undefined, to: undefined }) }, el("h2", {}, title)), el("p", {}, description), el("p.soft", {}, tags.join(" · "))))));
}

/** Draw one dashboard; each panel reports its own error. */
export async function dashboardView(main, context, uid) {
  const board = await dashboard(uid, context.signal);
  const asked = [...context.parameters].filter(([name]) => name.startsWith("var-"));
  const fixed = Object.fromEntries(board.templating.list.filter(({ type }) => type === "datasource").map(({ name, query }) => [name, query]));
  const variables = board.templating.list.filter(({ type }) => type === "query");
  const chosen = { ...fixed };
  for (const { name } of variables) {
    const values = asked.filter(([key]) => key === `var-${name}`).map(([, value]) => value);
    chosen[name] = values.length && values[0] !== ALL ? values : [ALL];
  }
  const controls = el("div.controls");
  const links = (board.links ?? []).filter(({ type }) => type === "link").map(({ title, url }) => link(title, translated(url, chosen)));
  const grid = el("div.grid");
  main.replaceChildren(el("div.title", {}, el("h1", {}, board.title), el("p.soft", {}, board.description, " ", el("span.links", {}, links))), controls, grid);
  const offered = choices(variables, chosen, context).then((found) => controls.replaceChildren(...found));
  await Promise.all([offered, ...board.panels.map((panel) => place(panel, grid, { ...context, chosen }))]);
}

async function choices(variables, chosen, context) {
  return Promise.all(variables.map(async (variable) => {
    const own = chosen[variable.name];
    const asked = labelValues(variable.query);
    let found = [];
    let failed = "";
    try {
      found = asked ? await context.api.labelValues({ ...asked, metric: interpolate(asked.metric, chosen) }) : [];
    } catch (error) {
      if (error.name === "AbortError") throw error;
      failed = error.message;
    }
    const all = el("option", { value: ALL, selected: own[0] === ALL }, "All");
    // Several values come by a link; the list shows them as one choice.
    const several = own.length > 1 ? el("option", { value: "", selected: true }, own.join(", ")) : "";
    const known = [...new Set([...found, ...(own.length === 1 && own[0] !== ALL ? own : [])])].sort();
    const options = known.map((value) => el("option", { value, selected: own.length === 1 && own[0] === value }, value));
    const change = (event) => event.target.value && context.set({ [`var-${variable.name}`]: event.target.value === ALL ? "" : event.target.value });
    return el("label", { title: failed }, `${variable.label || variable.name} `, el("select", { onchange: change }, all, several, options));
  }));
}

async function place(panel, grid, context) {
  if (panel.type === "row") {
    grid.append(el("h2.row", {}, panel.title));
    return;
  }
  const { w, h } = panel.gridPos;
  const fill = (text) => interpolate(text ?? "", context.chosen);
  const body = el("div.body", { "aria-busy": "true" }, note("Loading …"));
  const runbooks = (panel.links ?? []).map(({ title, url }) => link(title, translated(url, context.chosen)));
  grid.append(el("section.card.panel", { "--columns": w, "--rows": h, "aria-label": fill(panel.title) },
    el("h3", {}, fill(panel.title), " ", panel.description && el("details.why", {}, el("summary", { "aria-label": `About ${panel.title}` }, "?"), el("p", {}, fill(panel.description))), el("span.links", {}, runbooks)), body));
  try {
    body.replaceChildren(...await panelBody(panel, { ...context, width: Math.max(280, (grid.clientWidth * w) / 24) }));
  } catch (error) {
    if (error.name === "AbortError") return;
    body.replaceChildren(failure(error));
  }
  body.removeAttribute("aria-busy");
}
