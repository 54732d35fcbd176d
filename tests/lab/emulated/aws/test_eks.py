import pytest
from pulumi.runtime.rpc import UNKNOWN

from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json, Properties
from tests.lab.emulated.aws.support import Aws, urn

ROLE = "arn:aws:iam::123456789012:role/tempo"
ASSOCIATION: Json = {
    "clusterName": "fawkes-prod",
    "namespace": "fawkes-observability",
    "serviceAccount": "tempo",
    "roleArn": ROLE,
}


@pytest.fixture
def account(aws: Aws) -> Aws:
    """An account with two roles."""
    for name in ("tempo", "other"):
        aws.make("iam:Role", {"name": name, "assumeRolePolicy": "{}"})
    return aws


def test_an_association_is_known_as_the_service_would_name_it(account: Aws) -> None:
    made = account.make("eks:PodIdentityAssociation", ASSOCIATION)
    assert made.id.startswith("a-")
    assert len(made.id) == 19
    assert made.state.values["associationId"] == made.id
    assert made.refresh()
    assert made.changed(ASSOCIATION) == []
    made.delete()


def test_an_association_cannot_be_imported(account: Aws) -> None:
    """It exists in the state alone, so nothing would show that it is missing."""
    nothing = Properties({})
    assert account.plugin.read(urn("eks:PodIdentityAssociation"), "a-1", nothing, nothing)[0] == ""


def test_another_role_is_given_in_place_and_another_place_is_another_association(account: Aws) -> None:
    made = account.make("eks:PodIdentityAssociation", ASSOCIATION)
    other = {**ASSOCIATION, "roleArn": ROLE.replace("tempo", "other")}
    assert made.changed(other) == ["roleArn"]
    made.update(other)
    assert made.state.values["roleArn"] == "arn:aws:iam::123456789012:role/other"
    for name in ("clusterName", "namespace", "serviceAccount"):
        assert made.changed({**other, name: "new"}) == [f"{name}!"]


def test_a_role_that_is_not_there_is_refused(account: Aws) -> None:
    """Pods would request it in vain."""
    inputs = {**ASSOCIATION, "roleArn": ROLE.replace("tempo", "none")}
    with pytest.raises(ProviderError, match="There is no role arn:aws:iam::123456789012:role/none"):
        account.make("eks:PodIdentityAssociation", inputs)


def test_a_preview_knows_what_the_program_said_and_refuses_what_the_service_would_not_take(aws: Aws) -> None:
    unknown = {**ASSOCIATION, "roleArn": UNKNOWN}
    state = aws.preview("eks:PodIdentityAssociation", Properties(unknown)).values
    assert {name for name, value in state.items() if value == UNKNOWN} == {"associationId", "roleArn"}
    with pytest.raises(
        ProviderError, match="CreatePodIdentityAssociation does not allow these parameters: Invalid type"
    ):
        aws.preview("eks:PodIdentityAssociation", Properties({**ASSOCIATION, "namespace": ["a"]}))
