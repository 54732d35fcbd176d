"""What follows the name of a secret in a text: a separator and the value.

All patterns are ones that Go's RE2 and Python's `re` read alike. None has a counted repetition of more than a few:
Go repeats the program for each count, and clears memory in proportion to it before every search.
"""

# A quotation mark: plain, escaped in JSON inside of JSON, or percent-encoded once or twice.
_QUOTE = r"""(?:\\*["']|%(?:25)*2[27])"""
# The rest of a name: `password_hash=`, `user[password]=`.
_END_OF_NAME = r"[\w.-]*(?:\]|%(?:25)*5[dD])?"
_ENCODED_QUOTED = r"%(?:25)*2[27][^%\s]*"
# A quoted value, also when its end is missing. A backslash takes the next character with it; inside of JSON that
# is itself a text in JSON, quotation marks are `\"` and those inside of the value `\\\"`.
_QUOTED = (
    r'(?:"(?:[^"\\]|\\.)*"?'
    r"|'(?:[^'\\]|\\.)*'?"
    r"""|\\+"(?:[^"\\]|\\\\\\"|\\[^"])*"""
    r"""|\\+'(?:[^'\\]|\\[^'])*"""
    f"|{_ENCODED_QUOTED})"
)
# A value without quotation marks. A line break in JSON ends it; a comma does not, because it may belong to it.
_BARE = r"""[^\s&;'"<>\\=](?:[^\s&;'"<>\\]|\\[^nrt'"])*"""
VALUE = f"(?:{_QUOTED}|{_BARE})"
# Signs that only assignments have, before and after any quotation mark: `=`, `:=`, `=>`, `"name":`, and the same
# percent-encoded.
_ASSIGNS = rf"(?:{_QUOTE}?\s*(?:[:]?=>?|%(?:25)*3[dD])|{_QUOTE}\s*(?::|%(?:25)*3[aA]))[\s+]*"
# A list of arguments: "--password","value".
_NEXT_IN_LIST = rf"{_QUOTE}\s*,\s*{_QUOTED}"
# `<password>value</password>`.
_ELEMENT = r">[^<\s][^<]*"
# After a colon without quotation marks a sentence may follow ("password: must not be empty"), so only a value with
# a digit counts. Without a blank it may be the version of an image or a line of a program (auth-token:v1.2,
# Password.java:12): then it begins with another letter than `v`, or has letters behind its first digits.
_DIGIT = r"""[^\s&;'"<>0-9]*[0-9][^\s&;'"<>]*"""
_SENTENCE = rf"""\s?:(?:\s+{_DIGIT}|(?:[A-Za-uw-z_$!]|v[A-Za-z]){_DIGIT}|[0-9]+[A-Za-z][^\s.&;'"<>]*)"""
# The end of a word: a plural, a number.
_END_OF_WORD = r"s?(?:[._-]?[0-9]+)?(?:\]|%(?:25)*5[dD])?"

# After a name that only secrets have.
ANY = f"{_END_OF_NAME}(?:{_ASSIGNS}{VALUE}|{_NEXT_IN_LIST}|{_ELEMENT}|{_SENTENCE})"
# After a name that is also a common word, or the end of one.
ASSIGNED = f"{_END_OF_WORD}(?:{_ASSIGNS}{VALUE}|{_NEXT_IN_LIST}|{_ELEMENT})"
