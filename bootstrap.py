"""Make `.venv`, run by the Makefile: say so when this Python is too old, else hand over to `make_venv.py`.

Any Python must be able to read this file, Python 2 included: what is newer, as annotations are, stands there.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the one file that an older Python gets to read
    found = ".".join(map(str, sys.version_info[:3]))
    sys.stderr.write(
        "Python " + found + " is too old: 3.11 or newer is needed. Name one: make PYTHON=python3.12\n"
    )
    sys.exit(1)


def main():  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Make or update `.venv`; return the exit code."""
    try:
        # Here, so that an interrupt is none of a module that is being imported.
        import make_venv  # noqa: PLC0415

        return make_venv.main()
    except KeyboardInterrupt:
        # Before it could say so itself.
        return 130


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[no-untyped-call]
