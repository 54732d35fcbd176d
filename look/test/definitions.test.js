import assert from "node:assert/strict";
import { test } from "node:test";
import { format, seconds } from "../page/format.js";
import { logsQuery, metricsQueries, translated } from "../page/links.js";
import { merged, organized } from "../page/tables.js";
import { builtIn, interpolate, labelValues, seriesName, stepOf } from "../page/variables.js";

test("values are written in Grafana's units", () => {
  const written = [[0.0123, "percentunit"], [0.25, "s"], [5400, "s"], [0, "s"], [1536, "bytes"], [1500, "decbytes"], [12345, "short"], [2.5, "reqps"], [NaN, "s"], [null, "s"], [Infinity, "short"], [7, "suffix:spans"], [3.14159, "none"]].map(([value, unit]) => format(value, unit));
  assert.deepEqual(written, ["1.23 %", "250 ms", "1.5 h", "0", "1.5 KiB", "1.5 kB", "12.3 k", "2.5 req/s", "–", "–", "∞", "7 spans", "3.14159"]);
});

test("times are Grafana's, and nonsense is none", () => {
  assert.deepEqual([seconds("now-30m", 10_000), seconds("now", 5), seconds("1795745495000", 0)], [8200, 5, 1_795_745_495]);
  assert.ok(Number.isNaN(seconds("yesterday", 0)));
});

test("variables are replaced in every spelling, several choices as alternatives, all as anything", () => {
  const values = { service: ["cart"], namespace: ["$__all"], operation: ["GET /", "a.b"], __rate_interval: "60s" };
  assert.equal(interpolate('{s=~"$service", n=~"${namespace}", o=~"[[operation]]"}[$__rate_interval] $unknown', values),
    '{s=~"cart", n=~".*", o=~"(GET \\\\/|a\\\\.b)"}[60s] $unknown');
});

test("a value cannot end the string that it is put into by a link", () => {
  const { href } = translated('/explore?panes={"a":{"datasource":"tempo","queries":[{"datasource":{"type":"tempo"},"query":"${__field.labels.service:percentencode}"}]}}', { labels: { service: "x&y#z" } });
  assert.equal(new URLSearchParams(href.split("?")[1]).get("q"), "x&y#z");
});

test("links to searches, logs and dashboards lead within the page, others out of it, scripts nowhere", () => {
  const panes = (query) => `/explore?panes=${encodeURIComponent(JSON.stringify({ t: { datasource: query.datasource.uid, queries: [query], range: { from: "1", to: "2" } } }))}`;
  assert.equal(translated(panes({ datasource: { type: "tempo", uid: "tempo" }, query: "{ status = error }" })).href, "#/traces?q=%7B+status+%3D+error+%7D&from=1&to=2&ds=tempo");
  assert.match(translated(panes({ datasource: { type: "loki", uid: "loki" }, expr: '{a="b"}' })).href, /^#\/logs\?expr=%7Ba%3D%22b%22%7D&backend=loki/);
  assert.equal(translated('/d/board-1?from=5&to=6&var-service=${__data.fields["Service"]:percentencode}&evil=1', { fields: { Service: "a b" } }).href, "#/dashboards/board-1?from=5&to=6&var-service=a+b");
  assert.deepEqual(translated("https://example.org/r"), { href: "https://example.org/r", outside: true });
  assert.equal(translated("javascript:alert(1)"), null);
  assert.equal(translated("/explore?panes=nonsense"), null);
});

test("logs of a span are asked for by the datasource's definition", () => {
  const span = { attributes: {}, resource: { "service.name": 'ca"rt' } };
  const loki = { tags: [{ key: "service.name", value: "service_name" }, { key: "absent", value: "x" }], filterByTraceID: true, customQuery: false };
  assert.match(logsQuery(loki, span, "abc"), /^\{service_name="ca\\"rt"\} .*"abc".* or trace_id="abc"$/);
  assert.equal(logsQuery({ customQuery: true, query: 'trace_id:"${__span.traceId}"' }, span, "abc"), 'trace_id:"abc"');
  assert.deepEqual(metricsQueries({ tags: [{ key: "service.name", value: "service" }], queries: [{ name: "n", query: "c{$__tags}" }] }, span), [{ name: "n", query: 'c{service="ca\\"rt"}' }]);
});

test("label_values is read with and without a metric", () => {
  assert.deepEqual(labelValues('label_values(m{a=~"$b", c="d,e"}, service)'), { label: "service", metric: 'm{a=~"$b", c="d,e"}' });
  assert.deepEqual(labelValues("label_values(job)"), { label: "job", metric: "" });
  assert.equal(labelValues("query_result(up)"), null);
});

test("series are named by their legend, else by their labels", () => {
  assert.equal(seriesName("{{client}} → {{ server }}", { client: "a", server: "b" }), "a → b");
  assert.equal(seriesName("__auto", { service: "cart" }), "cart");
  assert.equal(seriesName("", { __name__: "up", job: "x" }), 'up{job="x"}');
});

test("steps are round, and a rate spans four scrapes at least", () => {
  assert.equal(stepOf({ from: 0, to: 1800 }, 600, 15), 15);
  assert.equal(stepOf({ from: 0, to: 86_400 }, 600, 15), 300);
  assert.equal(builtIn({ from: 0, to: 1800 }, 30, 30).__rate_interval, "120s");
  assert.equal(builtIn({ from: 0, to: 1800 }, 15, 15).__range, "1800s");
});

test("tables join queries by labels and keep the columns that are named", () => {
  const answer = (refId, value) => ({ query: { refId }, result: [{ metric: { __name__: "m", service: "a", job: "j" }, value: [0, value] }] });
  const organize = { id: "organize", options: { renameByName: { service: "Service", "Value #A": "Rate", "Value #B": "P95" }, indexByName: { service: 0, "Value #A": 2, "Value #B": 1 }, includeByName: { service: true, "Value #A": true, "Value #B": true } } };
  assert.deepEqual(organized(merged([answer("A", "1"), answer("B", "2")]), [organize]), { columns: ["Service", "P95", "Rate"], rows: [{ Service: "a", P95: 2, Rate: 1 }] });
});
