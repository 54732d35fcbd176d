"""A session with the credentials that a stack names."""

from collections.abc import Callable
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from ready.facts import Unknown
from ready.seen import seen
from settings.aws_regions import PARTITION_OF, PARTITIONS
from settings.object_store import Aws

_Answer = TypeVar("_Answer")
# An account without an answer is reported within seconds.
_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})
_SESSION_NAME = "fawkes-ready"
# The shortest that STS allows.
_SESSION_SECONDS = 900


class AwsClient:
    """The services of one account in the stack's region; botocore finds those without regions by its partition."""

    def __init__(self, aws: Aws, region: str) -> None:
        """Take the profile's credentials and assume the role; a botocore error when that fails."""
        self._region = region
        self._session = boto3.Session(profile_name=aws.profile)
        if aws.assume_role_arn:
            self._session = self._assumed(aws.assume_role_arn)

    @property
    def home(self) -> str:
        """A region of the same partition that every account may use."""
        return PARTITION_OF.get(self._region, PARTITIONS[0]).home

    def service(self, name: str, region: str = "") -> Any:  # noqa: ANN401 - each service has a class of its own
        """Return a client of a service in the stack's region or another."""
        return self._session.client(name, region_name=region or self._region, config=_CONFIG)  # type: ignore[call-overload]  # any name

    def anywhere(self, name: str, ask: Callable[[Any], _Answer]) -> _Answer:
        """Return what a service answers in the stack's region, or in `home`: the answer is the same.

        The account may not have enabled the stack's region, which then refuses valid credentials. The first error
        is raised when neither answers: only the stack's own region may be reachable.
        """
        try:
            return ask(self.service(name))
        except (BotoCoreError, ClientError, ResponseParserError):
            if self.home == self._region:
                raise
            elsewhere = seen(lambda: ask(self.service(name, self.home)))
            if isinstance(elsewhere, Unknown):
                raise
            return elsewhere

    def _assumed(self, role: str) -> boto3.Session:
        answer = self.anywhere(
            "sts",
            lambda sts: sts.assume_role(
                RoleArn=role, RoleSessionName=_SESSION_NAME, DurationSeconds=_SESSION_SECONDS
            ),
        )
        found = answer["Credentials"]
        return boto3.Session(
            aws_access_key_id=found["AccessKeyId"],
            aws_secret_access_key=found["SecretAccessKey"],
            aws_session_token=found["SessionToken"],
        )


def code_of(error: ClientError) -> str:
    """Return the code of a service's refusal, such as `NoSuchEntity`."""
    return str(error.response.get("Error", {}).get("Code", ""))
