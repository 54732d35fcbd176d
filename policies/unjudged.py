"""The error of a value that a rule cannot judge."""


class UnjudgedError(Exception):
    """A value that a rule needs is unknown, or has another shape than the rule reads.

    The message names the path of the property, never the value, which may be a secret.
    """
