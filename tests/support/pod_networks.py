"""Networks in the place of Pods: a bridge that all are on, and a host outside behind a router."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.api_server import Start
from tests.support.own_network import in_network
from tests.support.tools import system_program
from tests.support.waiting import eventually

ROUTER = "10.244.0.1"
_OUTSIDE = "10.9.0.2"
# Listens on each port and accepts nothing: the kernel completes every connection, as far as this queue goes.
_LISTEN = """
import pathlib, socket, sys, time
kept = [socket.create_server(("0.0.0.0", int(port)), backlog=4000) for port in sys.argv[2:]]
pathlib.Path(sys.argv[1]).touch()
time.sleep(600)
"""
# Prints those of the given ends, triples of name, address and port, that a connection can be made to.
_TRY = """
import asyncio, json, sys
async def main():
    few = asyncio.Semaphore(60)
    async def opens(name, address, port):
        async with few:
            try:
                _, writer = await asyncio.wait_for(asyncio.open_connection(address, port), 3)
            except (OSError, asyncio.TimeoutError):
                return None
            writer.close()
            return name, port
    ends = json.loads(open(sys.argv[1], encoding='utf-8').read())
    print(json.dumps([end for end in await asyncio.gather(*(opens(*end) for end in ends)) if end]))
asyncio.run(main())
"""


class PodNetworks:
    """Every network has a name, an address and a listener on every port of `ports`."""

    def __init__(self, folder: Path, start: Start, ports: Sequence[int]) -> None:
        """Create the bridge in the network of the calling thread, whose packets pass iptables."""
        self._folder, self._start, self.ports = folder, start, ports
        self.addresses: dict[str, str] = {}
        self._processes: dict[str, str] = {}
        in_network("ip", "link", "add", "cni0", "type", "bridge")
        in_network("ip", "address", "add", f"{ROUTER}/16", "dev", "cni0")
        in_network("ip", "link", "set", "cni0", "up")
        in_network("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.bridge.bridge-nf-call-iptables=1")

    def add_pod(self, name: str) -> str:
        """Add a network on the bridge and return its address."""
        process, link = self._listening(name), f"pod{len(self.addresses)}"
        address = f"10.244.1.{len(self.addresses) + 1}"
        in_network("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", process)
        in_network("ip", "link", "set", link, "master", "cni0", "up")
        self._connect(process, f"{address}/16", ROUTER)
        self.addresses[name], self._processes[name] = address, process
        return address

    def add_outside(self, addresses: Sequence[str]) -> None:
        """Add one host behind the router that has all these addresses, which are its names as targets."""
        process = self._listening(_OUTSIDE)
        in_network("ip", "link", "add", "outside", "type", "veth", "peer", "name", "eth0", "netns", process)
        in_network("ip", "address", "add", "10.9.0.1/30", "dev", "outside")
        in_network("ip", "link", "set", "outside", "up")
        self._connect(process, f"{_OUTSIDE}/30", "10.9.0.1")
        for address in addresses:
            self._inside(process, "address", "add", f"{address}/32", "dev", "lo")
            in_network("ip", "route", "add", f"{address}/32", "via", _OUTSIDE)
            self.addresses[address] = address
        self._processes[_OUTSIDE] = process

    def opened(self) -> set[tuple[str, str, int]]:
        """Return every connection that can be made: who, whom, port; the host outside connects from `10.9.0.2`."""
        tries = {
            name: self._try(name, [(*end, port) for end in self.targets(name).items() for port in self.ports])
            for name in self._processes
        }
        outputs = {name: one.communicate()[0] for name, one in tries.items()}
        return {(name, whom, port) for name, output in outputs.items() for whom, port in json.loads(output)}

    def opens(self, connection: tuple[str, str, int]) -> bool:
        """Return whether one connection can be made."""
        source, target, port = connection
        output = self._try(source, [(target, self.addresses[target], port)]).communicate()[0]
        return bool(json.loads(output))

    def _try(self, source: str, ends: Sequence[tuple[str, str, int]]) -> "subprocess.Popen[str]":
        # In a file: one pipe holds less than all ends, and all sources try at the same time.
        asked = self._folder / f"{source.replace('/', '-')}.json"
        asked.write_text(json.dumps(ends), encoding="utf-8")
        command = [
            system_program("nsenter"),
            "-t",
            self._processes[source],
            "-n",
            sys.executable,
            "-c",
            _TRY,
            asked,
        ]
        return subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)

    def targets(self, source: str) -> Mapping[str, str]:
        """Return the addresses that a source tries, by name: all but its own."""
        own = [name for name, address in self.addresses.items() if source == _OUTSIDE and name == address]
        return {name: address for name, address in self.addresses.items() if name not in (source, *own)}

    @property
    def sources(self) -> list[str]:
        """The names of all that connect."""
        return [*self._processes]

    def _listening(self, name: str) -> str:
        """Start a listener in a network of its own; return its process id."""
        ready = self._folder / f"{name.replace('/', '-')}.ready"
        ports = [str(port) for port in self.ports]
        command = [str(system_program("unshare")), "-n", sys.executable, "-c", _LISTEN, str(ready), *ports]
        process = self._start(command, ready.stem)
        eventually(ready.exists, f"{name} listens")
        return str(process.pid)

    def _connect(self, process: str, address: str, router: str) -> None:
        self._inside(process, "address", "add", address, "dev", "eth0")
        self._inside(process, "link", "set", "eth0", "up")
        self._inside(process, "link", "set", "lo", "up")
        self._inside(process, "route", "add", "default", "via", router)

    def _inside(self, process: str, *arguments: str) -> None:
        in_network("nsenter", "-t", process, "-n", str(system_program("ip")), *arguments)
