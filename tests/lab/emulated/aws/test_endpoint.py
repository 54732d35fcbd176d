import pytest

from lab.emulated.aws.endpoint import NODE_ADDRESS, endpoint_of
from lab.emulated.aws.plugin import AwsPlugin
from lab.emulated.plugin import ProviderError
from lab.node import layout


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000", "http://172.30.0.2:5000"]
)
def test_this_machine_and_the_labs_node_are_let_through(url: str) -> None:
    assert endpoint_of({"AWS_ENDPOINT_URL": url}) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.eu-central-1.amazonaws.com",
        "http://localhost.example.com:5000",
        "http://127.0.0.1@example.com",
        "http://someone@127.0.0.1",
        "http://172.30.0.1:5000",
        "http://10.0.0.1:5000",
        "ftp://127.0.0.1",
        "127.0.0.1:5000",
    ],
)
def test_everything_else_is_refused_with_the_way_out(url: str) -> None:
    """No request may reach a real cloud or another machine, whatever the environment holds."""
    with pytest.raises(ProviderError) as caught:
        endpoint_of({"AWS_ENDPOINT_URL": url})
    assert repr(url) in str(caught.value)
    assert "Set AWS_ENDPOINT_URL to a moto server on this machine" in str(caught.value)


@pytest.mark.parametrize("environment", [{}, {"AWS_ENDPOINT_URL": ""}])
def test_without_an_endpoint_the_plugin_is_not_configured(environment: dict[str, str]) -> None:
    """Botocore's own default is the real cloud."""
    plugin = AwsPlugin(environment)
    with pytest.raises(ProviderError, match="never reaches a real cloud, but AWS_ENDPOINT_URL is ''; allowed are"):
        plugin.configure({"region": "eu-central-1"})
    with pytest.raises(ProviderError, match="has not been configured"):
        plugin.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})


def test_the_labs_node_is_where_the_lab_says() -> None:
    """The address is written twice, so that the plugin starts without loading the node."""
    assert NODE_ADDRESS == layout.NODE_ADDRESS
