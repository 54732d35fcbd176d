"""Create `.venv`, run by the Makefile: report a Python that is too old, else run `make_venv.py`.

Every Python must be able to parse this file, Python 2 included; newer syntax, such as annotations, is in that one.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons run this file
    found = ".".join(map(str, sys.version_info[:3]))
    sys.stderr.write(
        "Python " + found + " is too old: 3.11 or newer is needed. Name one: make PYTHON=python3.12\n"
    )
    sys.exit(1)


def main():  # type: ignore[no-untyped-def]  # noqa: ANN201
    """Create or update `.venv`; return the exit code."""
    try:
        # Imported here, so that an interrupt during the import is caught, too.
        import make_venv  # noqa: PLC0415

        return make_venv.main()
    except KeyboardInterrupt:
        # It came before `make_venv.main` could handle it.
        return 130


if __name__ == "__main__":
    sys.exit(main())  # type: ignore[no-untyped-call]
