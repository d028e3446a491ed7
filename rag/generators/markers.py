"""What a language model writes, piece by piece, to statements with evidence numbers.

Read as markers: [1], [1,2], [1-3], [1][2], [[1]] and the same in 【】 or ［］. A marker belongs to the
sentence it stands in or right behind; in a line that opens with one, to the sentence that follows. Code
spans are left as they are. The result does not depend on how the text was cut into pieces, and every wait is
bounded, so the time is linear in the length of the text.
"""

import re
from dataclasses import replace

from index.sentences import sentence_spans
from rag.generators.base import Statement

_PLAIN = re.compile(r"[^`\[【［\n\r]{1,500}")
_TICKS = re.compile(r"`{1,16}")
_INSIDE = re.compile(r"[\d \t\u00a0,;，、‐‑–—−-]{0,80}")
_GROUP = re.compile(r"(\d+)(?:\s*[‐‑–—−-]\s*(\d+))?")
_NUMBERS = re.compile(rf"\s*{_GROUP.pattern}(?:\s*[,;，、]\s*{_GROUP.pattern})*\s*")
_OPENERS, _CLOSERS = "[【［", "]】］"
_STOP = re.compile(r"(?P<end>[.!?…][\"'”’»)\]*_]{0,8})\s+(?=\S)")
_WORD = re.compile(r"\S{1,80}")
_OPENING = re.compile(r"\s*(?:(?:[-*•–]|#{1,6}|\d{1,3}[.)])\s+)?")
_LONGEST_MARKER = 80
_LONGEST_WORD = 80
_LONGEST_TICKS = 16
_LONGEST_SPAN = 300
_LONGEST_FENCE = 2000
_LONGEST_SENTENCE = 2000
_CONTEXT = 120
_WIDEST = 50


class StatementParser:
    """Takes text as it comes and gives statements as soon as they are complete with their markers."""

    def __init__(self) -> None:
        self._raw = ""  # not understood yet: it may be half a marker, or code without an end
        self._line = ""  # the sentence being built, and what follows it in the line, without markers
        self._worded = False  # whether there is a letter or digit in it
        self._scan = 0  # no end of a sentence before this place
        self._code: list[tuple[int, int]] = []
        self._marks: list[tuple[int, bool, tuple[int, ...]]] = []  # place, set off by a space, numbers
        self._ahead: tuple[int, ...] = ()  # numbers that came before any word
        self._leading = False
        self._marked = False
        self._held: Statement | None = None  # the last of its line: the next line may be its marker
        self._out: list[Statement] = []

    def feed(self, text: str) -> list[Statement]:
        """The statements that this text completes."""
        self._raw += text
        return self._read(final=False)

    def end(self) -> list[Statement]:
        """What is left. A marker without an end is dropped."""
        self._read(final=True)
        self._break()
        if self._held:
            self._out.append(self._held)
            self._held = None
        return self._taken()

    def _read(self, *, final: bool) -> list[Statement]:
        at, raw = 0, self._raw
        while at < len(raw):
            if plain := _PLAIN.match(raw, at):
                self._say(plain.group())
                stop = plain.end()
            elif raw[at] in "\n\r":
                self._break()
                stop = at + 1
            else:
                stop = self._code_at(raw, at, final) if raw[at] == "`" else self._marker_at(raw, at, final)
            if stop == at:
                break
            at = stop
        self._raw = raw[at:]
        return self._taken() if not final else []

    def _taken(self) -> list[Statement]:
        out, self._out = self._out, []
        return out

    def _marker_at(self, raw: str, at: int, final: bool) -> int:
        """Read a marker, or its opening bracket as text; `at` again when more text has to come first."""
        if at + 1 == len(raw):
            return at + 1 if final else at
        twice = raw[at + 1] in _OPENERS
        begin = at + 1 + twice
        inside = _INSIDE.match(raw, begin)
        stop = inside.end() if inside else begin
        if stop == len(raw) and stop - begin <= _LONGEST_MARKER:
            return stop if final else at
        numbers = raw[begin:stop]
        if raw[stop : stop + 1] in tuple(_CLOSERS) and _NUMBERS.fullmatch(numbers):
            if twice and stop + 1 == len(raw) and not final:
                return at  # the second bracket may come yet
            if not twice or raw[stop + 1 : stop + 2] in ("", *_CLOSERS):
                self._mark(_pointers(numbers))
                return stop + 1 + twice
        if raw[stop : stop + 1] in ("\n", "\r") and _NUMBERS.match(numbers):
            return stop  # half a marker at the end of a line
        self._say(raw[at])
        return at + 1

    def _code_at(self, raw: str, at: int, final: bool) -> int:
        """Read a code span or fence, or its backticks as text; `at` again when its end has to come first."""
        ticks = _TICKS.match(raw, at)
        body = ticks.end() if ticks else at + 1
        if body == len(raw) and not final and body - at < _LONGEST_TICKS:
            return at
        fence = body - at >= 3
        limit = body + (_LONGEST_FENCE if fence else _LONGEST_SPAN)
        if not fence:
            line_end = raw.find("\n", body, limit)
            limit = line_end if line_end >= 0 else limit
        for run in _TICKS.finditer(raw, body, limit):
            open_end = run.end() == len(raw) and not final
            if open_end and run.end() < limit:
                return at
            if len(run.group()) == body - at:
                self._code.append((len(self._line), len(self._line) + run.end() - at))
                self._say(raw[at : run.end()])
                return run.end()
        if len(raw) < limit and not final:
            return at
        self._say(raw[at:body])
        return body

    def _say(self, text: str) -> None:
        if self._marked and (text[0].isalnum() or text[0] in "\"'“‘«(`*_"):
            self._line += " "
        self._marked = False
        self._leading = self._leading or bool(self._ahead)
        self._line += text
        self._worded = self._worded or any(character.isalnum() for character in text)
        if self._held and self._worded:
            self._out.append(self._held)
            self._held = None
        self._split(complete=False)

    def _mark(self, numbers: tuple[int, ...]) -> None:
        if not self._worded:
            self._ahead += numbers
            return
        bare = self._line.rstrip()
        self._marks.append((len(bare), len(bare) < len(self._line), numbers))
        self._line, self._marked, self._scan = bare, True, min(self._scan, len(bare))

    def _split(self, *, complete: bool) -> None:
        """Close every sentence of the line whose end is certain; the rest stays."""
        while True:
            stop = _STOP.search(self._line, self._scan, _LONGEST_SENTENCE)
            if stop:
                self._scan = stop.start()
                word = _WORD.match(self._line, stop.end())
                end = word.end() if word else stop.end()
                if not complete and end == len(self._line) and end - stop.end() < _LONGEST_WORD:
                    return
                if self._ends(stop, end):
                    self._close(stop.end("end"), stop.end())
                else:
                    self._scan = stop.end()
            elif len(self._line) > _LONGEST_SENTENCE:
                cut = self._line.rfind(" ", _LONGEST_SENTENCE // 2, _LONGEST_SENTENCE)
                self._close(*((cut, cut + 1) if cut > 0 else (_LONGEST_SENTENCE, _LONGEST_SENTENCE)))
            else:
                last = max(self._line.rfind(mark, self._scan) for mark in ".!?…")
                self._scan = last if last >= 0 else len(self._line)
                return

    def _ends(self, stop: re.Match[str], word_end: int) -> bool:
        """Whether a sentence ends at a full stop, by what stands around it."""
        if any(start <= stop.start() < end for start, end in self._code):
            return False
        begin = max(0, stop.start() - _CONTEXT)
        window = self._line[begin:word_end]
        return any(begin + span.start == stop.end() for span in sentence_spans(window, 0, len(window)))

    def _close(self, end: int, following: int, *, last: bool = False) -> None:
        """End the sentence at `end`; what begins at `following` is the next one."""
        text = self._line[:end]
        text = text[_OPENING.match(text).end() :].strip()  # type: ignore[union-attr]  # it matches nothing too
        if not any(start < end for start, _ in self._code):
            text = " ".join(text.split())
        mine = [
            m for m in self._marks if last or m[0] < end or (m[0] == end and not (self._leading and m[1]))
        ]
        numbers = self._ahead + tuple(number for mark in mine for number in mark[2])
        if any(character.isalnum() for character in text):
            self._release(Statement(text, tuple(dict.fromkeys(numbers))), last)
            numbers = ()
        later = [mark for mark in self._marks if mark not in mine]
        self._ahead = numbers + tuple(n for at, _, ns in later if at <= following for n in ns)
        self._marks = [(at - following, gap, ns) for at, gap, ns in later if at > following]
        self._code = [(a - following, b - following) for a, b in self._code if b > following]
        self._line, self._scan = self._line[following:], 0
        self._worded = any(character.isalnum() for character in self._line)

    def _release(self, statement: Statement, last: bool) -> None:
        if self._held:
            self._out.append(self._held)
        self._held = statement if last else None
        if not last:
            self._out.append(statement)

    def _break(self) -> None:
        """The line is over: its last sentence waits for a marker below it."""
        self._split(complete=True)
        self._close(len(self._line), len(self._line), last=True)
        if self._ahead and self._held:
            numbers = dict.fromkeys(self._held.pointers + self._ahead)
            self._held = replace(self._held, pointers=tuple(numbers))
        self._line, self._code, self._marks, self._ahead = "", [], [], ()
        self._scan, self._leading, self._marked, self._worded = 0, False, False, False


def _pointers(numbers: str) -> tuple[int, ...]:
    """The numbers of a marker. A range too wide to be meant is its two ends."""
    found: list[int] = []
    for first, second in _GROUP.findall(numbers):
        low, high = sorted((int(first), int(second or first)))
        found += range(low, high + 1) if high - low < _WIDEST else (low, high)
    return tuple(dict.fromkeys(found))
