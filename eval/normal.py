"""When does a text contain an expected answer? Token boundaries for words, values for numbers.

Written down because other evaluators get it wrong:
- `25` does not contain `5`; `-5` is not `5`; `½` is 0.5; `42!` is `42`.
- `3,800`, `3800` and `3.8 thousand` are equal, `5 million` does not contain `5`; `twenty-six` is 26. `one`
  counts as a number only beside another number word: it is mostly a pronoun.
- digits joined by a hyphen (`2017-2019`, `2024-05-07`) are one token and match as a whole only.
Not covered: dates written in another order, conversion between units, `two hundred and fifty`.
"""

import unicodedata
from decimal import Context, Decimal
from functools import lru_cache

import regex  # type: ignore[import-untyped]  # the package ships no types

_CURRENCY = {"€": "euro", "$": "dollar", "£": "pound", "¥": "yen"}
_UNITS = {"eur": "euro", "usd": "dollar", "gbp": "pound", "jpy": "yen", "%": "percent", "pct": "percent"}
_UNITS |= {"kilometre": "km", "kilometer": "km", "kilogram": "kg", "metre": "meter", "tonne": "ton"}
_SCALES = {"hundred": 2, "thousand": 3, "million": 6, "mn": 6, "billion": 9, "bn": 9, "trillion": 12}
_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
         "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
         "nineteen")  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

_DASHES = regex.compile(r"[\p{Pd}\u2212]")
_INITIALS = regex.compile(r"(?<![\w.])\p{L}(?:\.\p{L})+(?![\p{L}\p{N}])\.?")
_TOKEN = regex.compile(
    r"(?:(?<![\w.,)\]%])-)?\d+(?:[.,-]\d+)*(?![\p{L}\p{M}\p{N}])"  # a number, whole
    r"|[€$£¥%]"
    r"|[\p{Han}\p{Hiragana}\p{Katakana}]"  # scripts without spaces: each character is a boundary
    r"|[\p{L}\p{M}\p{N}--[\p{Han}\p{Hiragana}\p{Katakana}]]+",
    regex.VERSION1,
)
# "50 €" and, in a row, "50 € | 7"; but "in 2021 €40" and "10 | €5".
_SIGN_BEHIND = regex.compile(r"(?<=\d ?)[€$£¥](?!\d)")
_PLAIN = regex.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")


def norm(text: str) -> str:
    """NFKC, lower case, no punctuation except inside numbers, no articles, single spaces."""
    return " ".join(_tokens(text))


def contains(text: str, expected: str) -> bool:
    """Whether `expected` occurs in `text` on token boundaries, numbers compared by value.

    An expected text without any token (such as "the") is contained in nothing.
    """
    needle, hay = _tokens(expected), _tokens(text)
    valued = _by_value(needle)
    if valued != needle or any(_PLAIN.fullmatch(token) for token in needle):
        needle, hay = valued, _by_value(hay)
    size = len(needle)
    return size > 0 and any(hay[at : at + size] == needle for at in range(len(hay) - size + 1))


def numbers(text: str) -> list[str]:
    """The numbers of a text by their value, and other words with a digit, in order."""
    return [token for token in _by_value(_tokens(text)) if any(char.isdigit() for char in token)]


def matches(text: str, pattern: str, timeout: float = 1.0) -> bool:
    """Whether a nugget's pattern is met: a regular expression if it begins with `(?`, else an answer.

    Raises:
        TimeoutError: The expression took longer than `timeout` seconds.
        regex.error: It is not a regular expression.
    """
    if is_expression(pattern):
        return regex.search(pattern, text, timeout=timeout) is not None
    return contains(text, pattern)


def is_expression(pattern: str) -> bool:
    """Whether a pattern is a regular expression; inline flags such as `(?i)` mark one."""
    return pattern.startswith("(?")


def pattern_fault(pattern: str) -> str:
    """Why a pattern cannot be used, or ""."""
    if is_expression(pattern):
        try:
            regex.compile(pattern)
        except regex.error as error:
            return f"not a regular expression: {error}"
        return ""
    return "" if norm(pattern) else "nothing is left of it once punctuation and articles are dropped"


def _fold(text: str) -> str:
    folded: list[str] = []
    for char in text:
        kind = unicodedata.decomposition(char).partition(" ")[0]
        if kind == "<fraction>" and 0 < unicodedata.numeric(char) < 1:
            # NFKC would turn "2½" into "21⁄2".
            value = format(unicodedata.numeric(char), ".6g")
            folded.append(value.lstrip("0") if folded and folded[-1][-1:].isdigit() else value)
        elif kind == "<super>" and unicodedata.digit(char, -1) >= 0:
            folded.append(" ")  # NFKC would turn an exponent or footnote mark into a digit of the number
        else:
            folded.append(char)
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", "".join(folded)).lower())
    lower = _SIGN_BEHIND.sub(lambda match: f" {_CURRENCY[match[0]]} ", lower)
    plain = _INITIALS.sub(lambda match: match[0].replace(".", ""), _DASHES.sub("-", lower))
    return str(regex.sub(r"\bper cent\b", "percent", plain))


@lru_cache(maxsize=2048)  # an answer is looked through for each alias, nugget and forbidden value
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(token for token in _TOKEN.findall(_fold(text)) if token not in ("a", "an", "the"))


def _by_value(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens with each number as its plain decimal value and the unit beside it in one spelling."""
    out: list[str] = []
    at = 0
    while at < len(tokens):
        currency = _CURRENCY.get(tokens[at], "")
        first = at + 1 if currency else at
        value, after = _number(tokens, first)
        if value is None:
            out.append(currency or tokens[at])
            at += 1
            continue
        out.append(value)
        at = after
        if currency:
            out.append(currency)
        elif at < len(tokens) and tokens[at] not in _CURRENCY and _number(tokens, at)[0] is None:
            out.append(_unit(tokens[at]))
            at += 1
    return tuple(out)


def _unit(token: str) -> str:
    singular = token[:-1] if len(token) > 3 and token.endswith("s") else token
    return _CURRENCY.get(token) or _UNITS.get(singular, singular)


def _number(tokens: tuple[str, ...], at: int) -> tuple[str | None, int]:
    """The number that starts at a token and the index after it; None where no number starts."""
    token = tokens[at] if at < len(tokens) else ""
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    digits = ""
    if _PLAIN.fullmatch(token):
        digits = token.replace(",", "")
        at += 1
    elif token in _TENS[2:]:
        ones = _ONES.index(following) if following in _ONES[1:10] else 0
        digits = str(10 * _TENS.index(token) + ones)
        at += 2 if ones else 1
    elif token in _ONES and (token != "one" or following in _SCALES):
        digits = str(_ONES.index(token))
        at += 1
    elif token in _SCALES:
        digits = "1"
    if not digits:
        return None, at
    shift = 0
    while at < len(tokens) and tokens[at] in _SCALES:
        shift += _SCALES[tokens[at]]
        at += 1
    exact = Context(prec=len(digits) + shift + 4)  # the default 28 places would make long numbers equal
    value = exact.normalize(exact.scaleb(exact.create_decimal(digits), Decimal(shift)))
    return format(value if value else abs(value), "f"), at  # no "-0"
