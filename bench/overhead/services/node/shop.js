// The service in Node: Express, and Node's own fetch. README.md says what it reads and does.
"use strict";

const express = require("express");

const [address, port] = process.env.LISTEN.split(":");
const [rounds, waitMilliseconds] = [Number(process.env.ROUNDS), Number(process.env.WAIT_MS)];
const order = JSON.stringify({
  lines: Array.from({ length: 50 }, (_, line) => ({ sku: `sku-${line}`, note: "as ordered", quantity: 2, price: 1.5 })),
});

// What an order costs, from as many parsed and written documents as rounds are asked for.
function work() {
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    const found = JSON.parse(order);
    for (const line of found.lines) total += line.quantity * line.price;
    total += JSON.stringify(found).length - order.length;
  }
  return total;
}

const app = express();
app.get("/order", async (_, response) => {
  const total = work();
  const stock = await (await fetch(`http://${address}:${port}/stock`)).json();
  response.json({ total, left: stock.left });
});
// Its answer takes as long as a database's would.
app.get("/stock", (_, response) => setTimeout(() => response.json({ left: 7 }), waitMilliseconds));
app.get("/bare", (_, response) => response.json({ left: 7 }));
app.listen(Number(port), address);
// The instrumentation listens to this signal too, and whoever listens keeps Node from ending by itself.
process.on("SIGTERM", () => process.exit());
