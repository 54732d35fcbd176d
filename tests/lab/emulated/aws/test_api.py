import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from lab.emulated.aws.api import Api, AwsError
from lab.emulated.plugin import ProviderError
from tests.lab.emulated.aws.support import REGION, Aws


@pytest.fixture
def api(aws: Aws) -> Api:
    """The endpoint."""
    return Api(endpoint=aws.endpoint, region=REGION)


def test_a_refusal_is_a_sentence_with_the_operations_name(api: Api) -> None:
    """A person sees nothing else beside the resource."""
    with pytest.raises(AwsError) as caught:
        api.call("s3", "ListObjectsV2", Bucket="none")
    assert str(caught.value) == ("ListObjectsV2 was refused: NoSuchBucket: The specified bucket does not exist")


def test_what_is_not_there_is_none_and_another_refusal_is_not(api: Api) -> None:
    """A refresh removes from the state what is None."""
    assert api.find("iam", "GetRole", RoleName="none") is None
    with pytest.raises(AwsError, match="GetRolePolicy could not be sent"):
        api.find("iam", "GetRolePolicy", RoleName="none")
    api.call("iam", "CreateRole", RoleName="mine", AssumeRolePolicyDocument="{}")
    with pytest.raises(AwsError, match="CreateRole was refused: EntityAlreadyExists"):
        api.find("iam", "CreateRole", RoleName="mine", AssumeRolePolicyDocument="{}")


def test_an_unknown_parameter_is_refused_without_a_request() -> None:
    """Nobody listens at this address."""
    api = Api(endpoint="http://127.0.0.1:9", region=REGION)
    with pytest.raises(
        ProviderError, match='CreateKey does not allow these parameters: Unknown parameter in input: "Colour"'
    ):
        api.validate("kms", "CreateKey", {"Colour": "red"})
    with pytest.raises(AwsError, match="CreateKey could not be sent: Parameter validation failed"):
        api.call("kms", "CreateKey", Colour="red")


def test_a_server_that_is_away_is_named_in_the_error() -> None:
    """The address helps to find out what is missing."""
    api = Api(endpoint="http://127.0.0.1:9", region=REGION)
    with pytest.raises(AwsError, match=r"ListKeys could not be sent: .*http://127\.0\.0\.1:9"):
        api.call("kms", "ListKeys")


def test_a_request_to_elsewhere_is_stopped_before_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Botocore follows redirections between regions by rules of its own."""
    sent: list[str] = []
    monkeypatch.setattr(URLLib3Session, "send", lambda _, request: sent.append(request.url))
    elsewhere = Api(endpoint="https://kms.eu-central-1.amazonaws.com", region=REGION)
    with pytest.raises(ProviderError, match=r"A request to https://kms\.eu-central-1.* was stopped"):
        elsewhere.call("kms", "ListKeys")
    assert sent == []


def test_a_persons_own_credentials_are_not_sent(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even to this machine."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAREALKEY")
    signed: list[str] = []
    real_send = URLLib3Session.send

    def send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
        signed.append(str(request.headers["Authorization"]))
        return real_send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", send)
    assert api.call("sts", "GetCallerIdentity")["Account"] == "123456789012"
    assert "Credential=emulated/" in signed[0]


@pytest.mark.parametrize(("region", "partition"), [("eu-central-1", "aws"), ("cn-north-1", "aws-cn")])
def test_a_region_is_in_its_partition(region: str, partition: str) -> None:
    """Every ARN names it."""
    assert Api(endpoint="http://127.0.0.1:9", region=region).partition == partition
