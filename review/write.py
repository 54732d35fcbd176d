"""Write the comment of a pull request: run both programs, read the previews, put everything together."""

from collections.abc import Mapping
from pathlib import Path

from review.comment import LIMIT, comment
from review.git import Commit, base_of
from review.markdown import code
from review.previews import Preview, PreviewError, preview, read_events
from review.sides import both_sides
from review.stack_review import StackReview, stack_review
from settings.project import REPO

# The name of a preview's event log in a folder of them.
EVENT_LOG = "{stack}.jsonl"


def pull_request_comment(
    base: str, previews: Path | None = None, *, whole: bool = False, repo: Path = REPO
) -> str:
    """Return the comment on what the working tree of `repo` changes since it left the history of `base`.

    `previews` is a folder of event logs; a stack without one there is compared by its program alone. Raise
    `GitError`, `SideError` or `PreviewError` with a text for people.
    """
    logs = _logs(previews) if previews else {}
    commit = base_of(repo, base)
    before, after = both_sides(commit, repo)
    # A stack that is new or removed is named like all others.
    names = sorted({*before, *after})
    reviews = [stack_review(name, before.get(name), after.get(name), logs.get(name)) for name in names]
    see_all = f"`make pr-comment BASE={commit.hash} WHOLE=1` prints all of it."
    return comment(reviews, _compared(commit, reviews), see_all, None if whole else LIMIT)


def _logs(folder: Path) -> Mapping[str, Preview]:
    """Return the previews in a folder by the stack's name."""
    if not folder.is_dir():
        raise PreviewError(
            f"{folder} is no folder of event logs. `make preview STACK=prod EVENTS={folder}` makes it."
        )
    return {file.stem: preview(read_events(file)) for file in sorted(folder.glob(EVENT_LOG.format(stack="*")))}


def _compared(commit: Commit, reviews: list[StackReview]) -> str:
    seen = [code(review.name) for review in reviews if review.previewed]
    engine = (
        f"The engine's preview compared {', '.join(seen)} with what is deployed. "
        if seen
        else "No engine was asked. "
    )
    rest = "Of the other stacks, the programs" if seen else "The programs"
    return f"Compared with `{commit.short}` of {code(commit.name)}. {engine}{rest} of both commits were compared."
