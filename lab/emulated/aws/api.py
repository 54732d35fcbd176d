"""Calls to the AWS endpoint by operation name, with errors in sentences."""

import os
import threading
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from typing import Any

from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from botocore.validate import ParamValidator

from lab.emulated.aws.endpoint import is_local
from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json

# The endpoint requires a signature and checks none; real credentials must not even be read.
_FAKE_CREDENTIAL = "emulated"
# The endpoint is on this machine: one that does not answer in this time is stuck.
_READ_TIMEOUT_SECONDS = 30
_ATTEMPTS = 2
# Replaces where botocore would look for a person's own settings (file, variable, default, conversion).
_NO_PERSONAL_SETTINGS = {
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "profile": (None, None, None, None),
}
# botocore's session is not thread-safe, and all clients of the process share one.
_SESSION_LOCK = threading.Lock()


class AwsError(ProviderError):
    """The API refused a request; `code` is its own name for the reason."""

    def __init__(self, message: str, code: str = "", status: int = 0) -> None:
        """Keep the code beside the sentence."""
        super().__init__(message)
        self.code = code
        # KMS answers with its own code and status 400.
        self.is_absence = status == HTTPStatus.NOT_FOUND or code == "NotFoundException"


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """An identity at the endpoint, by default its own account's."""

    access_key: str = _FAKE_CREDENTIAL
    secret_key: str = _FAKE_CREDENTIAL
    token: str | None = None


@dataclass(frozen=True, kw_only=True)
class Api:
    """One region of one endpoint, called with some credentials."""

    endpoint: str
    region: str
    credentials: Credentials = Credentials()

    def assuming(self, role: Json) -> "Api":
        """Return the same with the credentials of a role; `role` holds the parameters of STS's `AssumeRole`."""
        found = self.call("sts", "AssumeRole", **role)["Credentials"]
        credentials = Credentials(
            access_key=found["AccessKeyId"], secret_key=found["SecretAccessKey"], token=found["SessionToken"]
        )
        return replace(self, credentials=credentials)

    @property
    def partition(self) -> str:
        """The region's partition, as in the second part of an ARN."""
        with _SESSION_LOCK:
            return str(_session().get_partition_for_region(self.region))

    def call(self, service: str, operation: str, **parameters: Any) -> Json:  # noqa: ANN401 - any JSON
        """Return the answer. Raise `AwsError` in a sentence that names the operation."""
        with _SESSION_LOCK:
            client = _client(service, self)
        try:
            answer: Json = getattr(client, xform_name(operation))(**parameters)
        except ClientError as error:
            code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            raise AwsError(f"{operation} was refused: {code}: {message}", code, status) from None
        except BotoCoreError as error:
            raise AwsError(f"{operation} could not be sent: {error}") from None
        return answer

    def find(self, service: str, operation: str, **parameters: Any) -> Json | None:  # noqa: ANN401 - any JSON
        """Return the answer, or None when the requested object does not exist."""
        try:
            return self.call(service, operation, **parameters)
        except AwsError as error:
            if error.is_absence:
                return None
            raise

    def validate(self, service: str, operation: str, parameters: Json) -> None:
        """Raise `ProviderError` for parameters that the service's model does not allow, without any request.

        The model alone is loaded: a client would load the service's endpoint rules as well, in every preview.
        """
        with _SESSION_LOCK:
            shape = _session().get_service_model(service).operation_model(operation).input_shape
        if shape and (report := ParamValidator().validate(parameters, shape)).has_errors():
            raise ProviderError(f"{operation} does not allow these parameters: {report.generate_report()}")


@cache
def _session() -> Session:
    return Session(session_vars=_NO_PERSONAL_SETTINGS)


@cache
def _client(service: str, api: Api) -> BaseClient:
    config = Config(
        # As part of the host, a bucket's name would be looked up in DNS.
        s3={"addressing_style": "path"},
        # No proxy, whatever the environment holds.
        proxies={},
        read_timeout=_READ_TIMEOUT_SECONDS,
        retries={"total_max_attempts": _ATTEMPTS},
    )
    client: BaseClient = _session().create_client(
        service,
        region_name=api.region,
        endpoint_url=api.endpoint,
        aws_access_key_id=api.credentials.access_key,
        aws_secret_access_key=api.credentials.secret_key,
        aws_session_token=api.credentials.token,
        config=config,
    )
    client.meta.events.register("before-send", _refuse_elsewhere)
    return client


def _refuse_elsewhere(request: AWSPreparedRequest, **_: object) -> None:
    """Stop what a redirect or an endpoint rule of botocore would send elsewhere."""
    if not is_local(request.url):
        raise ProviderError(f"A request to {request.url} was stopped: it is not an endpoint of this machine.")
