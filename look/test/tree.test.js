import assert from "node:assert/strict";
import { test } from "node:test";
import { criticalPath } from "../page/critical.js";
import { hex, inTreeOrder, readTrace, visibleRows } from "../page/tree.js";

const span = (id, parent, start, ms, more = {}) => ({ id, parent, start, ms, name: id, service: "s", ...more });
const shape = (rows) => rows.map(({ id, depth, orphan }) => `${"  ".repeat(depth)}${id}${orphan ? "?" : ""}`);

test("children follow their parent in the order of their start", () => {
  const rows = inTreeOrder([span("c", "a", 5, 1), span("a", "", 0, 9), span("b", "a", 1, 2), span("d", "b", 1, 1)]);
  assert.deepEqual(shape(rows), ["a", "  b", "    d", "  c"]);
});

test("a span whose parent is missing is a root and is marked", () => {
  assert.deepEqual(shape(inTreeOrder([span("a", "", 0, 9), span("b", "lost", 1, 2)])), ["a", "b?"]);
});

test("spans in a circle, or their own parents, are shown once", () => {
  const rows = inTreeOrder([span("a", "b", 0, 1), span("b", "a", 1, 1), span("c", "c", 2, 1)]);
  assert.deepEqual(rows.map(({ id }) => id).sort(), ["a", "b", "c"]);
});

test("a chain of 20 000 spans does not exhaust the stack", () => {
  const chain = Array.from({ length: 20_000 }, (_, i) => span(`s${i}`, i ? `s${i - 1}` : "", i, 20_000 - i));
  assert.equal(inTreeOrder(chain).at(-1).depth, 19_999);
  assert.equal(criticalPath(chain).length > 0, true);
});

test("closed rows hide what is below them, also what is closed itself", () => {
  const rows = inTreeOrder([span("a", "", 0, 9), span("b", "a", 1, 2), span("c", "b", 1, 1), span("d", "a", 4, 1)]);
  assert.deepEqual(shape(visibleRows(rows, new Set(["b"]))), ["a", "  b", "  d"]);
  assert.deepEqual(shape(visibleRows(rows, new Set(["a", "b"]))), ["a"]);
});

test("Tempo's JSON is read: ids in base64, nanoseconds as text, times from the first span", () => {
  const at = (ns) => String(1_795_745_495_000_000_000n + BigInt(ns));
  const { spans, began } = readTrace({ resourceSpans: [{
    resource: { attributes: [{ key: "service.name", value: { stringValue: "cart" } }] },
    scopeSpans: [{ spans: [
      { spanId: "AAAAAAAAAAE=", parentSpanId: "AAAAAAAAAAI=", name: "GET", kind: "SPAN_KIND_SERVER", startTimeUnixNano: at(1500), endTimeUnixNano: at(3500), status: { code: "STATUS_CODE_ERROR", message: "no" } },
      { spanId: "AAAAAAAAAAM=", startTimeUnixNano: at(0), endTimeUnixNano: at(10) },
    ] }] }] });
  const [{ id, parent, service, kind, start, ms, failed, message }, second] = spans;
  assert.deepEqual([id, parent, service, kind, failed, message], ["0000000000000001", "0000000000000002", "cart", "server", true, "no"]);
  assert.deepEqual([start, ms, second.start, second.failed], [0.0015, 0.002, 0, false]);
  assert.equal(began, 1_795_745_495_000);
  assert.equal(hex("00000000000000AB"), "00000000000000ab");
});

test("the critical path goes through what ended last before each point, and back to the parent between", () => {
  const path = criticalPath([span("a", "", 0, 100), span("b", "a", 10, 30), span("c", "a", 20, 50), span("d", "a", 80, 10)]);
  const parts = path.map(({ id, from, to }) => `${id} ${from}-${to}`);
  // b ended while c ran, so nobody waited for it.
  assert.deepEqual(parts, ["a 90-100", "d 80-90", "a 70-80", "c 20-70", "a 0-20"]);
  assert.equal(path.reduce((sum, { from, to }) => sum + to - from, 0), 100);
});

test("a consumer that outlasts the request is not waited for; a call that does, by a clock's difference, is cut", () => {
  const path = (kind) => criticalPath([span("a", "", 0, 100), span("b", "a", 90, 50, { kind })]).map(({ id, from, to }) => `${id} ${from}-${to}`);
  assert.deepEqual(path("consumer"), ["a 0-100"]);
  assert.deepEqual(path("server"), ["b 90-100", "a 0-90"]);
});

test("an empty trace, and one of orphans alone, have a path", () => {
  assert.deepEqual(criticalPath([]), []);
  assert.deepEqual(criticalPath([span("a", "lost", 0, 5)]), [{ id: "a", from: 0, to: 5 }]);
});
