"""The endpoint as the stand-in sees it: calls by their operation's name, and errors in sentences."""

import os
import threading
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import ServiceModel
from botocore.session import Session
from botocore.validate import ParamValidator

from lab.emulated.aws.endpoint import is_local
from lab.emulated.plugin import ProviderError
from lab.emulated.values import Json

# What the services here answer when the thing itself is not there, and the bare status of HEAD requests.
_ABSENT = {
    "404",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchEntity",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "NotFoundException",
    "OwnershipControlsNotFoundError",
    "ResourceNotFoundException",
    "ServerSideEncryptionConfigurationNotFoundError",
}
# The endpoint asks for a signature and checks none; real keys must not even be read.
_KEY_ID, _KEY = "stand-in", "stand-in"
# The endpoint is on this machine: one that does not answer in this time is stuck.
_ANSWER_SECONDS = 30
_ATTEMPTS = 2
# Replaces where botocore would look for a person's own settings (file, variable, default, conversion).
_NOBODYS = {
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
    "profile": (None, None, None, None),
}


class AwsError(ProviderError):
    """The API refused; `code` is its own name for why."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the sentence."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Api:
    """One endpoint and one region of it."""

    endpoint: str
    region: str

    def at(self, region: str | None) -> "Api":
        """Return the same endpoint in another region, or this one for None."""
        return replace(self, region=region) if region else self

    @property
    def partition(self) -> str:
        """The region's partition, as in the second part of an ARN."""
        with _ONE_AT_A_TIME:
            return str(_session().get_partition_for_region(self.region))

    @property
    def dns_suffix(self) -> str:
        """The domain of the partition's services."""
        partition = self.partition
        with _ONE_AT_A_TIME:
            known = _session().get_component("data_loader").load_data("partitions")["partitions"]
        return next(str(one["outputs"]["dnsSuffix"]) for one in known if one["id"] == partition)

    def call(self, service: str, operation: str, **parameters: Any) -> Json:  # noqa: ANN401 - any JSON
        """Return the answer. Raise `AwsError` in a sentence that names the operation."""
        client = _client(service, self)
        try:
            answer: Json = getattr(client, xform_name(operation))(**parameters)
        except ClientError as error:
            code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message", "")
            raise AwsError(str(code), f"{operation} was refused: {code}: {message}") from None
        except BotoCoreError as error:
            raise AwsError("", f"{operation} could not be asked: {error}") from None
        return answer

    def find(self, service: str, operation: str, **parameters: Any) -> Json | None:  # noqa: ANN401 - any JSON
        """Return the answer, or None when what is asked about is not there."""
        try:
            return self.call(service, operation, **parameters)
        except AwsError as error:
            if error.code in _ABSENT:
                return None
            raise

    def validate(self, service: str, operation: str, parameters: Json) -> None:
        """Raise `ProviderError` for what the service's own model would not take, without any request."""
        shape = _model(service).operation_model(operation).input_shape
        if shape and (report := ParamValidator().validate(parameters, shape)).has_errors():
            raise ProviderError(f"{operation} does not take this: {report.generate_report()}")


# botocore's session is not for several threads, and one serves every client of the process.
_ONE_AT_A_TIME = threading.Lock()


@cache
def _session() -> Session:
    return Session(session_vars=_NOBODYS)


def _model(service: str) -> ServiceModel:
    with _ONE_AT_A_TIME:
        return _loaded_model(service)


@cache
def _loaded_model(service: str) -> ServiceModel:
    """Return what a service's requests look like; a client would load the rules for its endpoints as well."""
    return _session().get_service_model(service)


def _client(service: str, api: Api) -> BaseClient:
    with _ONE_AT_A_TIME:
        return _made_client(service, api)


@cache
def _made_client(service: str, api: Api) -> BaseClient:
    # A bucket's name goes into the path: as a part of the host it would be looked up in DNS. No proxy
    # either, whatever the environment says.
    config = Config(
        s3={"addressing_style": "path"},
        proxies={},
        read_timeout=_ANSWER_SECONDS,
        retries={"total_max_attempts": _ATTEMPTS},
    )
    client: BaseClient = _session().create_client(
        service,
        region_name=api.region,
        endpoint_url=api.endpoint,
        aws_access_key_id=_KEY_ID,
        aws_secret_access_key=_KEY,
        config=config,
    )
    client.meta.events.register("before-send", _refuse_elsewhere)
    return client


def _refuse_elsewhere(request: AWSPreparedRequest, **_: object) -> None:
    """Stop what a redirection or a rule of botocore's would send elsewhere."""
    if not is_local(request.url):
        raise ProviderError(f"A request to {request.url} was stopped: it is not an endpoint of this machine.")
