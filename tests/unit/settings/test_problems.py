"""Problems that pydantic finds in single fields, reported in the product's own sentences."""

import math
import re
from typing import Any

import pytest

from settings.loader import parse
from settings.problems import SettingsError, shown
from settings.stack import StackSettings
from tests.support.stacks import ABSENT, SENTENCE, sections

QUOTES = "Write it without quotes if it is a number or a boolean, with quotes if it is text."
INDENT = "Indent its keys below it."
OTLP_CHOICE = (
    "the value is not one of the choices "
    "(got \"TLS\"; allowed 'plaintext', 'tls' or 'mutual_tls'). Set one of these values."
)
NAME_FORM = (
    'the text does not match the pattern (got "Dojo"; allowed text that matches '
    "^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$). Correct its characters and length."
)


def refusal(changes: dict[str, Any]) -> str:
    """Return the message that refuses the changed dojo."""
    with pytest.raises(SettingsError) as error:
        parse(sections("dojo", changes))
    return str(error.value)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("load.headroom", "2", f'the value has the wrong type (got "2"; allowed a number). {QUOTES}'),
        ("load.headroom", math.nan, f"the value has the wrong type (got NaN; allowed a finite number). {QUOTES}"),
        (
            "load.headroom",
            math.inf,
            f"the value has the wrong type (got Infinity; allowed a finite number). {QUOTES}",
        ),
        ("tempo.ingesters", 1.5, f"the value has the wrong type (got 1.5; allowed a whole number). {QUOTES}"),
        ("tempo.ingesters", True, f"the value has the wrong type (got true; allowed a whole number). {QUOTES}"),
        ("tempo.ingesters", "1", f'the value has the wrong type (got "1"; allowed a whole number). {QUOTES}'),
        ("tempo.ingesters", None, f"the value has the wrong type (got null; allowed a whole number). {QUOTES}"),
        ("tempo.version", 2.1, f"the value has the wrong type (got 2.1; allowed text). {QUOTES}"),
        (
            "object_store.versioning",
            "yes",
            f'the value has the wrong type (got "yes"; allowed true or false). {QUOTES}',
        ),
        (
            "sampling.named_users",
            "somebody",
            f'the value has the wrong type (got "somebody"; allowed a list). {QUOTES}',
        ),
        ("retention", [1], f"the value has the wrong type (got [1]; allowed a mapping of settings). {INDENT}"),
        ("tempo.resources", 4, f"the value has the wrong type (got 4; allowed a mapping of settings). {INDENT}"),
        (
            "tempo.ingesters",
            0,
            "the value is too small (got 0; allowed at least 1). Set a value of at least 1.",
        ),
        (
            "tempo.ingesters",
            101,
            "the value is too large (got 101; allowed at most 100). Set a value of at most 100.",
        ),
        ("tls.otlp", "TLS", OTLP_CHOICE),
        ("environment.name", "Dojo", NAME_FORM),
    ],
)
def test_a_wrong_value_is_told_with_its_path_and_what_is_allowed(path: str, value: object, sentence: str) -> None:
    assert refusal({path: value}) == f"{path}: {sentence}"


def test_an_entry_of_a_list_is_named_by_its_place() -> None:
    assert refusal({"sampling.named_users": ["somebody", ""]}) == (
        'sampling.named_users.1: the value is too short (got ""; allowed 1 or more characters). '
        "Set a value of 1 or more characters."
    )


def test_too_many_entries_are_counted_not_listed() -> None:
    text = refusal({"sampling.named_users": ["u"] * 101})
    assert text.startswith("sampling.named_users: the value is too long (got [")
    assert text.endswith("; allowed 100 or fewer entries). Set a value of 100 or fewer entries.")


def test_a_missing_section_is_named_with_what_it_is_for() -> None:
    assert refusal({"cost": ABSENT}) == (
        "cost: a required setting is missing (got nothing; allowed a value). "
        "Add `cost`. Prices for the cost model."
    )


def test_a_missing_setting_deep_inside_is_named_with_what_it_is_for() -> None:
    assert refusal({"collectors.agent.resources.memory_limit_mib": ABSENT}) == (
        "collectors.agent.resources.memory_limit_mib: "
        "a required setting is missing (got nothing; allowed a value). "
        "Add `collectors.agent.resources.memory_limit_mib`. "
        "Memory above which the container is killed; GOMEMLIMIT is derived from it."
    )


def test_no_section_at_all_names_every_missing_one() -> None:
    with pytest.raises(SettingsError) as error:
        parse({})
    assert [problem.path for problem in error.value.problems] == sorted(
        name for name in sections("dojo") if StackSettings.model_fields[name].is_required()
    )


@pytest.mark.parametrize(
    ("path", "suggested"),
    [
        ("samplings", "sampling"),
        ("tempo.replication_facter", "replication_factor"),
        ("collectors.agent.resources.memory_limit", "memory_limit_mib"),
        # Below a section that may be absent.
        ("object_store.minio.volume_size", "volume_size_gib"),
    ],
)
def test_a_misspelled_key_gets_the_right_one_suggested(path: str, suggested: str) -> None:
    name = path.rpartition(".")[2]
    text = refusal({path: 1})
    assert text.startswith(f'{path}: unknown key (got "{name}"; allowed ')
    assert text.endswith(f"). Rename it to `{suggested}`.")


def test_an_unknown_key_that_resembles_nothing_is_to_be_removed() -> None:
    assert refusal({"tls.xyzzy": 1}) == (
        'tls.xyzzy: unknown key (got "xyzzy"; allowed applications, applications_authority, authority, issuer, '
        "otlp, prometheus_authority, prometheus_client_certificate, secrets, span_metrics). Remove it."
    )


def test_field_problems_of_several_sections_come_together() -> None:
    lines = refusal({"tls.xyzzy": 1, "load.headroom": "2", "cost": ABSENT, "retention": 3}).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["cost", "load.headroom", "retention", "tls.xyzzy"]


def test_a_key_with_line_breaks_still_makes_one_line() -> None:
    text = refusal({"tls.a\nb": 1})
    assert re.match(SENTENCE, text)
    assert "\n" not in text


def test_a_long_value_is_cut() -> None:
    text = refusal({"environment.name": "x" * 5000})
    assert f"got {shown('x' * 5000)};" in text
    assert len(shown("x" * 5000)) == 80


def test_what_json_cannot_hold_is_still_shown() -> None:
    inner: list[Any] = []
    inner.append(inner)
    assert shown(inner) == "[[...]]"
