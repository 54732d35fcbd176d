"""The API server of the lab's tests, and no configuration of this machine's user."""

from pathlib import Path

import pytest

from tests.lab.conftest import api_server

__all__ = ("api_server",)


@pytest.fixture(autouse=True)
def _nobodys_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no kubeconfig and no credentials; the cloud is not asked for any."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
