"""Try to read a fact; every failure is a fact that could not be read, with the reason."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from ready.facts import NoCredentials, Unknown
from ready.text import one_line

_Fact = TypeVar("_Fact")
# What code that takes an answer apart raises when the answer has another form.
_UNEXPECTED = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError)


class NoAnswerError(Exception):
    """A request was refused or not answered; the message is the reason as a phrase, `status` HTTP's or 0."""

    def __init__(self, why: str, status: int = 0) -> None:
        """Keep the status beside the reason."""
        super().__init__(why)
        self.status = status

    def fact(self) -> Unknown:
        """Return it as a fact that could not be read."""
        return Unknown(str(self), self.status)


class NoCredentialsError(NoAnswerError):
    """The program that a kubeconfig names failed, is missing, or wants a login; the message says which."""

    def fact(self) -> Unknown:
        """Return it as a fact of its own, because another advice follows."""
        return NoCredentials(str(self))


def seen(read: Callable[[], _Fact]) -> _Fact | Unknown:
    """Return what was read, or why it was not; an answer of an unexpected form is not understood."""
    try:
        return read()
    except NoAnswerError as error:
        return error.fact()
    except (BotoCoreError, ClientError) as error:
        return Unknown(one_line(error))
    except ResponseParserError:
        # A proxy's page, or an endpoint that does not know the request.
        return Unknown("the answer is not one of Amazon Web Services")
    except OSError as error:
        # A program, token or certificate that the configuration names and that is not there, or not readable.
        return Unknown(one_line(str(error) or type(error).__name__))
    except _UNEXPECTED as error:
        return Unknown(one_line(f"the answer has an unexpected form ({type(error).__name__}: {error})"))
