import assert from "node:assert/strict";
import { test } from "node:test";
import { edgesOf } from "../page/calls.js";
import { columns, layout } from "../page/layout.js";

const edge = (from, to) => ({ from, to, calls: 1, failed: 0 });

test("a service stands right of everyone who calls it", () => {
  const edges = [edge("shop", "cart"), edge("cart", "db"), edge("shop", "db")];
  assert.deepEqual([...columns(["shop", "cart", "db"], edges)], [["shop", 0], ["cart", 1], ["db", 2]]);
});

test("circles and services that call themselves end, and no two share a place", () => {
  const edges = [edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("b", "b"), edge("x", "c"), edge("a", "d"), edge("a", "e")];
  const { place, width, height } = layout(edges);
  const at = [...place.values()].map(({ x, y }) => `${x},${y}`);
  assert.equal(new Set(at).size, 6);
  for (const { x, y } of place.values()) assert.ok(x > 0 && x < width && y > 0 && y < height);
});

test("300 services that all call each other are laid out at once", () => {
  const names = Array.from({ length: 300 }, (_, i) => `s${i}`);
  const edges = names.flatMap((from) => names.filter((to) => to !== from).slice(0, 40).map((to) => edge(from, to)));
  const before = process.cpuUsage();
  assert.equal(layout(edges).place.size, 300);
  // In microseconds of this process, which other programs do not lengthen.
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 2_000_000);
});

test("nothing to lay out is no error", () => assert.equal(layout([]).place.size, 0));

const spanOf = (values) => ({ attributes: Object.entries(values).map(([key, value]) => ({ key, value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value } })) });

test("calls follow from the nested sets of a search: between services, failed ones, and to a database", () => {
  const spans = [
    { nestedSetLeft: 1, nestedSetParent: -1, "service.name": "shop", kind: "server", status: "error" },
    { nestedSetLeft: 2, nestedSetParent: 1, "service.name": "shop", kind: "client", status: "error", "server.address": "payment" },
    { nestedSetLeft: 3, nestedSetParent: 2, "service.name": "payment", kind: "server", status: "error" },
    { nestedSetLeft: 4, nestedSetParent: 3, "service.name": "payment", kind: "client", status: "unset", "db.system": "redis" },
  ].map(spanOf);
  assert.deepEqual(edgesOf([{ spanSets: [{ spans }] }]), [
    { from: "shop", to: "payment", calls: 1, failed: 1 }, { from: "payment", to: "redis", calls: 1, failed: 0 },
  ]);
});
