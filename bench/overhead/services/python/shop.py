"""The service in Python, as a WSGI application: Flask and requests. README.md says what it reads and does."""

import json
import os
import time
from typing import Any

import requests
from flask import Flask

_URL = f"http://{os.environ['LISTEN']}/stock"
_ROUNDS = int(os.environ["ROUNDS"])
_WAIT_SECONDS = int(os.environ["WAIT_MS"]) / 1000
_ORDER = json.dumps(
    {"lines": [{"sku": f"sku-{line}", "note": "as ordered", "quantity": 2, "price": 1.5} for line in range(50)]}
)
# More than the requests that are under way at once: a connection that does not fit is closed after each.
_CONNECTIONS = 64

app = Flask(__name__)
_session = requests.Session()
# A proxy for the internet cannot reach this service.
_session.trust_env = False
_session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=_CONNECTIONS))


def _work() -> float:
    """Return what an order costs, from as many parsed and written documents as rounds are asked for."""
    total = 0.0
    for _ in range(_ROUNDS):
        found = json.loads(_ORDER)
        total += sum(line["quantity"] * line["price"] for line in found["lines"])
        total += len(json.dumps(found)) - len(_ORDER)
    return total


@app.get("/order")
def order() -> dict[str, Any]:
    """Work, and ask for the stock."""
    total = _work()
    return {"total": total, "left": _session.get(_URL, timeout=10).json()["left"]}


@app.get("/stock")
def stock() -> dict[str, int]:
    """Answer after as long as a database would take."""
    time.sleep(_WAIT_SECONDS)
    return {"left": 7}


@app.get("/bare")
def bare() -> dict[str, int]:
    """Answer at once."""
    return {"left": 7}
