"""`python -m cli check` on committed, damaged and hostile files: accepted or refused, never a traceback."""

import re
from pathlib import Path

import pytest
import yaml

from cli.app import main
from settings.loader import read_stack_file
from settings.problems import SettingsError
from settings.project import PROJECT
from settings.stack import SECRET_KEYS
from tests.support.stacks import SENTENCE, STACKS, as_config, config_of, sections, stack_file

LOAD = f"config: {{'{PROJECT}:load': "


def check(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error of a check."""
    code = main(["check", str(path)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize("stack", STACKS)
def test_a_committed_stack_file_is_accepted(stack: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = stack_file(stack)
    assert check(path, capsys) == (0, f"{path}: accepted\n", "")
    assert read_stack_file(path).environment.name == stack


HOSTILE = {
    "empty": "",
    "only a comment": "# nothing\n",
    "a list": "- 1\n- 2\n",
    "a text": "config",
    "config without content": "config:\n",
    "config that is a list": "config: [1, 2]\n",
    "config without sections": "config: {}\n",
    "only another project's keys": "config: {'other:load': {}}\n",
    "no YAML": "a: b: c\n",
    "a tab for indentation": "config:\n\t- x\n",
    "an unclosed quote": 'config: "x\n',
    "a control character": "config: \x01\n",
    "an undefined anchor": "config: *nowhere\n",
    "a list that contains itself": "&a [*a]\n",
    "a mapping that contains itself": LOAD + "&a {x: *a}}\n",
    "a date as a key": "2026-01-01: x\n",
    "a date as a nested key": LOAD + "{2026-01-01: 3}}\n",
    "a date as a value": LOAD + "2026-01-01}\n",
    "bytes": LOAD + "!!binary aGVsbG8=}\n",
    "a set": LOAD + "!!set {a, b}}\n",
    "a list as a key": "config: {? [a] : 1}\n",
    "a number as a key": LOAD + "{3: 4, null: 5, true: 6}}\n",
    "an empty section name": f"config: {{'{PROJECT}:': 1}}\n",
    "a tag of Python": "config: !!python/object/apply:os.system [ls]\n",
    "an unknown tag": "config: !secret x\n",
    "a whole number that is none": "config: !!int ''\n",
    "a boolean that is none": "config: !!bool x\n",
    "a time that is none": "config: !!timestamp x\n",
    "not a number": LOAD + "{headroom: .nan, peak_spans_per_second: -.inf}}\n",
    "a number of 5 000 digits": LOAD + "{headroom: " + "9" * 5000 + "}}\n",
    "half of a surrogate pair": LOAD + '{"x": "\\ud800"}}\n',
    "a line break in a key": LOAD + '{"x\\ny": 1}}\n',
    "nesting beyond YAML's depth": "[" * 500,
    "nesting beyond JSON's depth": LOAD + "[" * 220 + "]" * 220 + "}\n",
    "two documents": "config: {}\n---\nconfig: {}\n",
    "merging what cannot be merged": "config: {<<: 3}\n",
}


# Each would take gigabytes, or a day, if it were built before it is checked.
ENDLESS = {
    "a billion laughs": "a: &l0 [x]\n"
    + "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 30)),
    "a billion merges": "a: &l0 {x: 1}\n"
    + "".join(f"l{n}: &l{n} {{<<: [{', '.join([f'*l{n - 1}'] * 9)}]}}\n" for n in range(1, 30)),
    "laughs among the settings": LOAD
    + "{a: &l0 [x], "
    + ", ".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    + "}}\n",
    "nesting without end": "[" * 200_000,
    "nesting of blocks": "- " * 100_000,
    "values without end": LOAD + "[" + "1," * 100_000 + "]}\n",
    "a hexadecimal number without end": "a: 0x" + "f" * 200_000,
    "a number of base 60 without end": "a: " + "9:" * 100_000 + "9",
    "a number of base 60 beyond all numbers": LOAD + "1:" * 190 + "1.5}\n",
    "a megabyte": "a: 1\n" + "# x\n" * 262_144,
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", ENDLESS.values(), ids=ENDLESS)
def test_a_file_that_grows_without_bound_is_refused_at_once(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Checking an untrusted stack file must not exhaust the machine."""
    path = tmp_path / "Pulumi.endless.yaml"
    path.write_text(text, encoding="utf-8")
    assert_refused(path, capsys)


@pytest.mark.timeout(30)
def test_a_device_without_end_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(Path("/dev/zero"), capsys)


@pytest.mark.timeout(30)
def test_no_more_of_a_file_of_gigabytes_is_read_than_is_needed_to_refuse_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Pulumi.huge.yaml"
    with path.open("wb") as file:
        file.truncate(8 << 30)
    assert_refused(path, capsys)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_damaged_file_is_refused_in_sentences(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Pulumi.broken.yaml"
    path.write_text(text, encoding="utf-8")
    assert_refused(path, capsys)


def assert_refused(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Check that the exit code is 1 and every line after the heading is a whole sentence."""
    code, out, err = check(path, capsys)
    heading, *problems = err.splitlines()
    plural = "s" if len(problems) > 1 else ""
    assert (code, out) == (1, "")
    assert heading == f"{path}: refused, {len(problems)} problem{plural}:"
    for problem in problems:
        assert re.match(SENTENCE, problem)


@pytest.mark.parametrize(
    "content", [b"\x7fELF\x00\x01\xff\xfe", b"\xff\xfe\x00\x00", bytes(range(256))], ids=["program", "mark", "all"]
)
def test_a_binary_file_is_refused(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "Pulumi.binary.yaml"
    path.write_bytes(content)
    assert_refused(path, capsys)


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "Pulumi.missing.yaml"
    assert check(path, capsys)[2].splitlines()[1] == (
        f"{path}: cannot be read: No such file or directory (got nothing; allowed a readable stack file). "
        "Correct the path or the file's mode."
    )


@pytest.mark.parametrize("name", ["nope", "../x", "a/b", ""])
def test_a_stack_that_is_not_there_is_refused_with_those_that_are(name: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.mine.yaml").touch()
    with pytest.raises(SettingsError, match=r"allowed one of Pulumi\.mine\.yaml\)"):
        read_stack_file(tmp_path / f"Pulumi.{name}.yaml")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert_refused(tmp_path, capsys)


def test_one_refused_file_among_several_fails_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(stack_file("dojo")), str(tmp_path / "none"), str(stack_file("prod"))]) == 1
    captured = capsys.readouterr()
    assert captured.out.count("accepted") == 2
    assert captured.err.startswith(f"{tmp_path / 'none'}: refused, 1 problem:\n")


def test_a_stack_that_does_not_fit_its_plan_is_refused_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Pulumi.small.yaml"
    changed = sections("dojo", {"collectors.gateway.memory_ceiling_mib": 128})
    path.write_text(yaml.safe_dump({"config": as_config(changed)}), encoding="utf-8")
    assert check(path, capsys)[2].splitlines()[1].startswith("collectors.gateway.memory_ceiling_mib: ")


def test_a_setting_without_effect_is_accepted_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "Pulumi.volume.yaml"
    changed = sections("dojo", {"tempo.generator_volume_size_gib": 12})
    path.write_text(yaml.safe_dump({"config": as_config(changed)}), encoding="utf-8")
    code, out, err = check(path, capsys)
    assert (code, out) == (0, f"{path}: accepted\n")
    assert err.startswith(f"{path}: warning: tempo.generator_volume_size_gib: has no effect")


def test_secret_keys_and_providers_keys_stand_beside_the_sections(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.secret.yaml"
    beside = {f"{PROJECT}:{key}": {"secure": "v1:abc"} for key in SECRET_KEYS} | {"aws:region": "eu-west-1"}
    content = {"encryptionsalt": "v1:salt", "config": config_of("dojo") | beside}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert read_stack_file(path) == read_stack_file(stack_file("dojo"))


def test_a_key_that_stands_twice_is_refused_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The engine refuses it, too: otherwise a change of the first of two would have no effect."""
    path = tmp_path / "Pulumi.mine.yaml"
    path.write_text(stack_file("dojo").read_text(encoding="utf-8") + f"  {PROJECT}:load: {{}}\n", encoding="utf-8")
    code, _, told = check(path, capsys)
    assert code == 1
    assert "duplicate key 'fawkes-tracing:load'" in told
    assert re.search(r"line \d+, column 3", told)


def test_anchors_are_a_way_to_write_the_same_settings(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.anchors.yaml"
    changed = sections("dojo")
    changed["object_store"]["minio"]["resources"] = changed["tempo"]["resources"]
    text = yaml.safe_dump({"config": as_config(changed)})
    assert "&id001" in text
    path.write_text(text, encoding="utf-8")
    settings = read_stack_file(path)
    assert settings.object_store.minio is not None
    assert settings.object_store.minio.resources == settings.tempo.resources


def test_an_unquoted_date_is_the_day_it_says(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.date.yaml"
    text = stack_file("dojo").read_text(encoding="utf-8").replace('"2026-11-01"', "2026-11-01")
    path.write_text(text, encoding="utf-8")
    assert read_stack_file(path).cost.prices_as_of == "2026-11-01"
