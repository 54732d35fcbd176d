"""Tie a deployment to the preview that somebody approved, by a digest of what the preview would do.

Between the approval and the deployment the cluster, the account or the settings may have changed. The digest of a
preview made just before the deployment must then differ from the approved one.
"""

from pathlib import Path

from lab.errors import LabError


def write_digest(events: Path, file: Path) -> None:
    """Write the digest of a preview's event log into a file, in a folder that is created if missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{_digest(events)}\n", encoding="ascii")


def refuse_another_preview(events: Path, file: Path, again: str) -> None:
    """Raise LabError unless the file has the digest of this preview; `again` makes one that can be approved."""
    if not file.is_file():
        raise LabError(
            f"{file} should hold the digest of an approved preview, and is not there.", f"Make one: {again}"
        )
    if file.read_text(encoding="utf-8", errors="replace").strip() != _digest(events):
        raise LabError(
            f"The preview no longer says what was approved: its digest is not the one in {file}. The cluster, the "
            "account or the settings changed since.",
            f"Nothing was changed. Approve a new preview: {again}",
        )


def _digest(events: Path) -> str:
    # Imported here because they load Pulumi's SDK, for which every other command would wait.
    from review.digest import digest  # noqa: PLC0415
    from review.previews import PreviewError, read_events  # noqa: PLC0415

    try:
        return digest(read_events(events))
    except PreviewError as error:
        raise LabError(f"The preview has no digest: {error}", "Nothing was changed. Preview it again.") from error
