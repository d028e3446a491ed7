"""House rules that no linter knows: file lengths, what must not be named, and nothing made for the seeds."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from conftest import REPO, SEEDS

ROOMS = ("index", "rag", "eval", "ui")
LONGEST = 300
TEXTS = {".py", ".md", ".toml", ".txt", ".jsonl", ".css", ".js", ".html", ".yaml", ".yml", ".json", ""}

# Assembled, so that this file does not name what it forbids.
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs", "org"),
        ("download", "pytorch", "org"),
        ("deb", "debian", "org"),
        ("anaconda", "org"),
        ("crates", "io"),
    )
]
# Folders of one machine; `~`, `/tmp` and `/usr` exist on all of them.
MACHINE_PATH = re.compile(r"(?<![\w.\-/])/(?:home|Users|root|work|mnt|media)/\w")
SUPPRESSION = re.compile(r"#\s*(?:type:\s*ignore|(?:ruff:\s*)?noqa)\b(?P<rest>.*)")
CODE_AND_REASON = re.compile(r"(?:\[[\w\-, ]+\]|:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)\s*(?:#|-|—|–)\s*\w.*")

# Ordinary English that the seeds happen to capitalise in mid-sentence every time.
GENERIC = set(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday english president minister ministry
    secretary general deputy representative council union organization party policy institute center
    central western eastern south north west east security initiative resolution doctrine
    city private quick self analysis foreign road society treaty united ambassador belt american european
    advertisement squad test true world business official clear love easy perfect medical student
    """.split()
)


def tracked() -> list[Path]:
    """The files of the project: those that git knows, and new ones that it does not ignore."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=REPO, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := REPO / name).is_file()]


def product_files() -> list[Path]:
    return sorted(path for room in ROOMS for path in (REPO / room).rglob("*.py"))


def test_no_file_is_long() -> None:
    """A file fits in a reader's head."""
    files = [path for path in tracked() if path.suffix == ".py"]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {str(path): lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_only_the_faces_print() -> None:
    """Nothing below `ui` writes to the terminal."""
    found = []
    for path in product_files():
        calls = (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call))
        if any(isinstance(call.func, ast.Name) and call.func.id == "print" for call in calls):
            found.append(str(path.relative_to(REPO)))
    assert [name for name in found if not name.startswith("ui/")] == []


def test_nothing_is_unpickled() -> None:
    """No format that runs code when it is read."""
    refused = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
    for path in product_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.partition(".")[0] for name in names} & refused, path
            if isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant) and node.value.value is False, path


def test_no_registry_and_no_machine_is_named() -> None:
    """The project names no package registry's host and no folder of one machine."""
    for path in tracked():
        if path.suffix not in TEXTS or SEEDS in path.parents or path == Path(__file__).resolve():
            continue
        text = path.read_text(encoding="utf-8")
        assert [host for host in HOSTS if host in text] == [], path
        assert MACHINE_PATH.findall(text) == [], path


def suppressions(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and SUPPRESSION.search(token.string):
            yield token.string


def is_explained(comment: str) -> bool:
    match = SUPPRESSION.search(comment)
    return bool(match and CODE_AND_REASON.fullmatch(match["rest"].strip()))


def test_every_suppression_says_what_and_why() -> None:
    """A silenced check carries its code and a reason; a file-wide one has the reason above it."""
    for path in tracked():
        if path.suffix == ".py":
            lines = path.read_text(encoding="utf-8")
            for comment in suppressions(lines):
                file_wide = comment.startswith("# ruff: noqa: ")
                above = lines.splitlines()[lines.splitlines().index(comment) - 1] if file_wide else ""
                assert above.startswith("# ") if file_wide else is_explained(comment), (path, comment)


def test_a_bare_suppression_is_caught() -> None:
    """The check of the check."""
    mark, silence = "# type: " + "ignore", "# no" + "qa"
    assert not is_explained(mark) and not is_explained(silence)
    assert not is_explained(f"{mark}[arg-type]") and not is_explained(f"{silence}: E501")
    assert is_explained(f"{mark}[arg-type]  # the stub is wrong") and is_explained(f"{silence}: E402 - late")


# Nothing in the program may be made for the seeds alone.


@cache
def seeds_texts() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))


def words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:[’'][^\W\d_]+)*|\d+", text)


@cache
def seeds_runs() -> str:
    """The seeds as lower-case words between single spaces, a run of words being a substring of it."""
    return " | ".join(f" {' '.join(words(text.lower()))} " for text in seeds_texts())


def capitalised(lines: list[str]) -> set[str]:
    """Words with a capital in mid-sentence, small-cased, that the seeds never write small."""
    small = {word for text in seeds_texts() for word in words(text) if word.islower()}
    found = {token for line in lines for token in re.findall(r"(?<=[\w,] )[A-Z][\w\-]+", line)}
    return {w for token in found for w in words(token.lower()) if w not in small and len(w) > 2} - GENERIC


@cache
def seeds_names() -> tuple[frozenset[str], frozenset[str]]:
    """Proper names of the seeds: those in running text, and those in lines set like headlines.

    A headline capitalises common words too, so a word from there counts as a name only while the
    program itself never writes it small.
    """
    prose: list[str] = []
    headlines: list[str] = []
    for line in (line for text in seeds_texts() for line in text.splitlines()):
        run = words(line)
        (prose if sum(word.islower() for word in run) > len(run) / 2 else headlines).append(line)
    sources = (path.read_text(encoding="utf-8") for path in product_files())
    own = {word for source in sources for word in re.findall(r"[a-z]+", source)}
    names = capitalised(prose)
    return frozenset(names), frozenset(capitalised(headlines) - names - own)


def literals(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def made_for_the_seeds(source: str) -> list[str]:
    found = []
    for literal in literals(source):
        run = words(literal.lower())
        if len(run) >= 4 and f" {' '.join(run)} " in seeds_runs():
            found.append(literal)
        windows = (" ".join(run[at : at + 5]) for at in range(len(run) - 4))
        found += [window for window in windows if f" {window} " in seeds_runs()]
        prose, headlines = seeds_names()
        found += sorted(set(run) & prose)
        found += sorted({word for word in words(literal) if word[0].isupper() and word.lower() in headlines})
    return found


def test_no_literal_is_made_for_the_seeds() -> None:
    """No phrase or proper name of the seeds stands in the program, docstrings and patterns included.

    A phrase is five words in a row, or four that are a whole literal.
    """
    found = {}
    for path in product_files():
        if hits := made_for_the_seeds(path.read_text(encoding="utf-8")):
            found[str(path.relative_to(REPO))] = hits
    assert found == {}


def test_a_planted_literal_is_caught() -> None:
    """The check sees phrases, names, docstrings and the fixed parts of f-strings."""
    run = next(run for text in seeds_texts() if len(run := words(text)) > 24)
    phrase, after = " ".join(run[20:24]), run[24]
    name = sorted(seeds_names()[0])[0]
    assert made_for_the_seeds(f"x = {phrase!r}")
    assert made_for_the_seeds(f'def f():\n    """{phrase.upper()}."""')
    assert made_for_the_seeds(f"x = {f'a pattern with {phrase} {after} within'!r}")
    assert made_for_the_seeds(f"y = 1\nx = f'about {name} {{y}}'")
    assert made_for_the_seeds("x = 'four quite harmless words'") == []


def test_the_seeds_hold_names() -> None:
    """An empty list of names would pass everything."""
    assert all(len(names) > 40 for names in seeds_names())
