"""Show what a pull request does, and keep that as one comment on it."""

import argparse
import sys
from pathlib import Path

from review import write
from review.git import GitError
from review.github import GitHubError
from review.post import post, pull_request
from review.previews import PreviewError
from review.sides import SideError

_REFUSED = (GitError, GitHubError, PreviewError, SideError)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return 0, or 1 with a sentence on standard error."""
    parser = argparse.ArgumentParser(prog="python -m review", description=__doc__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_comment(commands)
    _add_post(commands)
    parsed = parser.parse_args(arguments)
    try:
        parsed.run(parsed)
    except _REFUSED as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _add_comment(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "comment",
        help="print the comment",
        description="Compare the working tree with the commit at which it left BASE, and print what that does to "
        "every stack, as Markdown.",
    )
    _add_compared(parser)
    parser.add_argument("--out", type=_path, metavar="FILE", help="write it to a file instead")
    parser.add_argument("--whole", action="store_true", help="do not cut it to the size that GitHub takes")
    parser.set_defaults(run=_comment)


def _comment(parsed: argparse.Namespace) -> None:
    text = write.pull_request_comment(parsed.base, parsed.previews, whole=parsed.whole)
    if parsed.out:
        parsed.out.parent.mkdir(parents=True, exist_ok=True)
        parsed.out.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


def _add_post(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = commands.add_parser(
        "post",
        help="put the comment on the pull request, in place of an earlier one",
        description="Put a comment on a pull request of GitHub, in place of the one that this command put there "
        "before. Reads GITHUB_TOKEN, GITHUB_REPOSITORY, GITHUB_API_URL and PULL_REQUEST, its number.",
    )
    _add_compared(parser)
    parser.add_argument("--file", type=_path, metavar="FILE", help="a comment that `comment --out` wrote before")
    parser.set_defaults(run=_post)


def _post(parsed: argparse.Namespace) -> None:
    # Asked first: a missing variable is told before the programs run.
    where = pull_request()
    written = parsed.file.read_text(encoding="utf-8") if parsed.file else None
    if written is None:
        written = write.pull_request_comment(parsed.base, parsed.previews)
    print(post(written, where))


def _add_compared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--base", default="", help="a branch, tag or hash")
    parser.add_argument(
        "--previews",
        type=_path,
        metavar="DIR",
        help=f"folder of the event logs of previews, one a stack: {write.EVENT_LOG.format(stack='STACK')}",
    )


def _path(named: str) -> Path | None:
    """Return a path, None for an empty name, which the Makefile passes where a variable is not set."""
    return Path(named) if named.strip() else None
