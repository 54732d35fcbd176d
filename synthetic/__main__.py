"""`python -m synthetic CONFIG`: check until SIGTERM."""

import logging
import signal
import socket
import sys
import threading
from pathlib import Path

from synthetic.config import load
from synthetic.loops import Loops
from synthetic.measures import Measures
from synthetic.server import Server

_USAGE = 2


def main(arguments: list[str]) -> int:
    """Run until a signal ends it; return the exit code."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stdout)
    try:
        config = load(Path(arguments[0]))
    except (IndexError, OSError, KeyError, TypeError, ValueError) as error:
        print(f"usage: python -m synthetic CONFIG; its configuration cannot be read: {error!r}", file=sys.stderr)
        return _USAGE
    measures = Measures()
    loops = Loops(config, measures)
    Server.address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    host = "::" if Server.address_family == socket.AF_INET6 else "0.0.0.0"  # noqa: S104 - Prometheus scrapes it
    server = Server((host, config.port), measures, loops)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loops.stop.set())
    loops.start()
    threading.Thread(target=server.serve_forever, name="server", daemon=True).start()
    loops.stop.wait()
    server.shutdown()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
