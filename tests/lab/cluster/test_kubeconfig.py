import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from lab.cluster.service import Cluster
from lab.errors import LabError

NOT_PEM = base64.b64encode(b"hello").decode()


def document(**changes: Any) -> dict[str, Any]:
    """Return a kubeconfig with these of its fields changed; `server` and `user` are inside."""
    cluster = {"server": changes.pop("server", "https://127.0.0.1:9"), **changes.pop("cluster", {})}
    return {
        "clusters": [{"name": "c", "cluster": cluster}],
        "users": [{"name": "u", "user": changes.pop("user", {"token": "t"})}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
        **changes,
    }


def command(name: str) -> dict[str, Any]:
    """Return a user whose credentials a program gives."""
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": name, "args": []}}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"- a\n- b\n", "it holds no mapping"),
        (b"hello", "it holds no mapping"),
        (b"42", "it holds no mapping"),
        (b"{}", "no current-context"),
        (b"[1]", "it holds no mapping"),
        (bytes(range(256)), "not a UTF-8 text file"),
        (b"a:\n\t- b: [", "it is not YAML"),
        (b"--- {}\n--- {}\n", "it is not YAML"),
        (b"!!python/object/apply:os.getcwd []", "it is not YAML"),
        (b"[" * 5000, "it is not YAML"),
    ],
)
def test_a_file_that_is_no_kubeconfig_is_told_why(tmp_path: Path, content: bytes, why: str) -> None:
    """It was named by hand, in an environment variable."""
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    with pytest.raises(LabError, match=rf"notes\.txt is not a usable kubeconfig: .*{why}"):
        Cluster(file)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"current-context": ""}, "no current-context"),
        ({"current-context": "nope"}, "nope"),
        ({"clusters": None}, "clusters"),
        ({"contexts": "x"}, "contexts"),
        ({"server": ""}, "server of its current context is ''"),
        ({"server": 5}, "a field has a wrong type"),
        ({"server": "hello"}, "'hello'"),
        ({"server": "ftp://127.0.0.1"}, "'ftp://127.0.0.1'"),
        ({"server": "https://127.0.0.1:99999"}, "99999"),
        ({"server": "https://[::1"}, "IPv6"),
        ({"cluster": {"certificate-authority": "/nope/ca.crt"}}, "/nope/ca.crt"),
        ({"cluster": {"certificate-authority-data": 5}}, "a field has a wrong type"),
        ({"user": command("no-such-program")}, "credentials are not available: .*no-such-program"),
        ({"user": command("false")}, "credentials are not available: .*returned 1"),
    ],
)
def test_a_kubeconfig_with_a_wrong_field_is_told_which(tmp_path: Path, changes: dict[str, Any], why: str) -> None:
    """What the library says, or the traceback that it ends with, is of no help."""
    file = tmp_path / "kubeconfig"
    file.write_text(yaml.safe_dump(document(**changes)), encoding="utf-8")
    with pytest.raises(LabError, match=f"not a usable kubeconfig: .*{why}"):
        Cluster(file)


@pytest.mark.parametrize("made", [Path.mkdir, lambda _path: None])
def test_a_folder_and_a_missing_file_are_no_kubeconfig(tmp_path: Path, made: Callable[[Path], None]) -> None:
    made(tmp_path / "here")
    with pytest.raises(LabError, match=r"here is not a usable kubeconfig: (Is a directory|No such file)"):
        Cluster(tmp_path / "here")


@pytest.mark.parametrize(
    "changes",
    [
        {"cluster": {"certificate-authority-data": NOT_PEM}},
        {"user": {"client-certificate-data": NOT_PEM, "client-key-data": NOT_PEM}},
        {"server": "https://no-such-host.invalid:6443"},
    ],
)
def test_a_kubeconfig_that_leads_nowhere_is_told_when_it_is_used(tmp_path: Path, changes: dict[str, Any]) -> None:
    """A certificate is read when a connection is made, so that it shows there what it is."""
    file = tmp_path / "kubeconfig"
    file.write_text(yaml.safe_dump(document(**changes)), encoding="utf-8")
    with pytest.raises(LabError, match="does not answer: ") as failure:
        Cluster(file).answers()
    assert f"certificates in {file}" in failure.value.fix
