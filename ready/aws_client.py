"""A session with the credentials that a stack names."""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from settings.object_store import Aws

# An account without an answer is reported within seconds.
_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 2})
_SESSION_NAME = "fawkes-ready"
# The shortest that STS allows.
_SESSION_SECONDS = 900
# The region of each partition that answers for services without a region, by the beginning of its regions' names.
_HOME_REGIONS = {"cn-": "cn-north-1", "us-gov-": "us-gov-west-1"}


def home_region(region: str) -> str:
    """Return a region of the same partition that exists, whether or not `region` does."""
    return next((home for prefix, home in _HOME_REGIONS.items() if region.startswith(prefix)), "us-east-1")


class AwsClient:
    """The services of one account, in the stack's region or, for those without one, in its partition."""

    def __init__(self, aws: Aws, region: str) -> None:
        """Take the profile's credentials and assume the role; a botocore error when that fails."""
        self._region = region
        self._session = boto3.Session(profile_name=aws.profile)
        if aws.assume_role_arn:
            self._session = self._assumed(aws.assume_role_arn)

    def service(self, name: str) -> Any:  # noqa: ANN401 - each service has a class of its own
        """Return a client of a service in the stack's region."""
        return self._session.client(name, region_name=self._region, config=_CONFIG)  # type: ignore[call-overload]  # any name

    def everywhere(self, name: str) -> Any:  # noqa: ANN401 - as above
        """Return a client of a service that answers for every region."""
        return self._session.client(name, region_name=home_region(self._region), config=_CONFIG)  # type: ignore[call-overload]

    def _assumed(self, role: str) -> boto3.Session:
        answer = self.everywhere("sts").assume_role(
            RoleArn=role, RoleSessionName=_SESSION_NAME, DurationSeconds=_SESSION_SECONDS
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
