"""Write the comment of a pull request: run both programs, read the previews, put everything together."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from review.comment import LIMIT, comment
from review.git import Commit, base_of, changed_files
from review.markdown import code
from review.previews import Preview, PreviewError, preview, read_events
from review.sides import Side, both_sides
from review.stack_review import StackReview, stack_review
from settings.project import REPO

# The name of a preview's event log in a folder of them.
EVENT_LOG = "{stack}.jsonl"
_POLICIES = "policies"
# A new pack has a hundred.
_NAMED = 5


def pull_request_comment(
    base: str, previews: Path | None = None, *, whole: bool = False, repo: Path = REPO
) -> str:
    """Return the comment on what the working tree of `repo` changes since it left the history of `base`.

    `previews` is a folder of event logs; a stack without one there is compared by its program alone. Raise
    `GitError`, `SideError` or `PreviewError` with a text for people.
    """
    logs = read_previews(previews) if previews else {}
    commit = base_of(repo, base)
    sides = both_sides(commit, repo)
    changed = changed_files(repo, commit, _POLICIES)
    return comment_on(commit, sides, logs, limit=None if whole else LIMIT, changed_policies=changed)


def comment_on(
    commit: Commit,
    sides: tuple[Side, Side],
    previews: Mapping[str, Preview],
    limit: int | None = LIMIT,
    changed_policies: Sequence[str] = (),
) -> str:
    """Return the comment on the sides before and after, and the engine's previews of stacks, by their names.

    `changed_policies` are the files by which the change is judged and that it changes itself.
    """
    before, after = sides
    names = sorted({*before, *after})
    reviews = [stack_review(name, before.get(name), after.get(name), previews.get(name)) for name in names]
    see_all = f"`make pr-comment BASE={commit.short} WHOLE=1` on this branch prints all of it."
    compared = [_compared(commit, reviews), _judged(changed_policies)]
    return comment(reviews, "\n\n".join(filter(None, compared)), see_all, limit)


def read_previews(folder: Path) -> Mapping[str, Preview]:
    """Return the previews in a folder by the stack's name; one that is no event log is one that failed.

    Raise `PreviewError` if there is no such folder.
    """
    if not folder.is_dir():
        make = f"make preview STACK=prod EVENTS={folder}"
        raise PreviewError(f"{folder} is no folder of event logs. Make it: {make}")
    return {file.stem: _preview(file) for file in sorted(folder.glob(EVENT_LOG.format(stack="*")))}


def _preview(file: Path) -> Preview:
    try:
        return preview(read_events(file))
    except PreviewError as error:
        # An engine that was killed may leave an empty one. The other stacks are told all the same.
        return Preview(steps=(), findings=None, errors=(str(error),), complete=False, accepted=False)


def _compared(commit: Commit, reviews: list[StackReview]) -> str:
    seen = [code(review.name) for review in reviews if review.previewed]
    engine = f"The engine's preview compared {', '.join(seen)} with what is deployed." if seen else ""
    programs = "" if len(seen) == len(reviews) else "The programs of both commits were compared"
    rest = f"{programs}{' for the other stacks' if seen else ', and no engine was asked'}." if programs else ""
    return " ".join(filter(None, (f"Compared with `{commit.short}` of {code(commit.name)}.", engine, rest)))


def _judged(changed: Sequence[str]) -> str:
    """Return a sentence on policies that the change changes: a finding may be gone because its rule is."""
    if not changed:
        return ""
    more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
    return f"**It changes the policies by which it is judged:** {', '.join(map(code, changed[:_NAMED]))}{more}."
