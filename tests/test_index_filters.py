"""Filters: exactly the documents they name, ranked as they would be among all."""

import json
from pathlib import Path

import pytest
from conftest import RunRag

from index import Filters, Index, IndexSettings, build_index, open_index
from index.errors import DocumentUnknown, UsageError
from rag import Rag, RagSettings

SETTINGS = IndexSettings(encoder="hash:")
COUNT = 60


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Index]:
    docs = tmp_path_factory.mktemp("filters")
    rows = []
    for n in range(COUNT):
        extra = "oak " * (n % 7)
        text = f"Report {n} says that {n} oaks {extra}stood in wood number {n % 5} that year.\n"
        (docs / f"{n:02}.txt").write_text(text, encoding="utf-8")
        date = "unknown" if n % 10 == 9 else f"20{10 + n % 10}-{1 + n % 12:02}" + ("-15" if n % 2 else "")
        rows.append(
            {"document": f"{n:02}.txt", "date": date, "author": "Ann Lee" if n % 3 else "Bo", "n": n % 4}
        )
    (docs / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    target = tmp_path_factory.mktemp("filters-index")
    build_index(docs, target, settings=SETTINGS)
    return docs, open_index(target, SETTINGS)


CASES = [
    Filters(documents=("07.txt",)),
    Filters(documents=("07.txt", "08.txt", "40.txt")),
    Filters(since="2015"),
    Filters(until="2012-06"),
    Filters(since="2013-02", until="2016-11-14"),
    Filters(metadata=(("author", "ann lee"),)),
    Filters(metadata=(("n", "1"), ("n", "2"), ("author", "BO"))),
    Filters(since="2011", metadata=(("n", "3"),)),
    Filters(metadata=(("n", "99"),)),
]


@pytest.mark.parametrize("filters", CASES, ids=range(len(CASES)))
@pytest.mark.parametrize("k", [1, 5, 100])
def test_both_searches_are_exact(built: tuple[Path, Index], filters: Filters, k: int) -> None:
    """What is found is the whole ranking with the other documents taken out, scores and all."""
    index = built[1]
    allowed = index.allowed(filters)
    assert allowed is not None
    ids = set(allowed.chunks.tolist())
    vector = index.vectors_of(["how many oaks stood in wood number 3"])[0]
    terms = ["oak", "wood", "3"]
    near = [hit for hit in index.nearest(vector, 1000) if hit[0] in ids][:k]
    found = index.nearest(vector, k, allowed)
    # Chunks of one score may stand for each other where the list is cut.
    assert {i for i, _ in found} <= ids
    assert [s for _, s in found] == pytest.approx([s for _, s in near], abs=1e-6)
    assert sorted(index.matching(terms, 1000, allowed)) == sorted(
        hit for hit in index.matching(terms, 1000) if hit[0] in ids
    )
    best = [score for i, score in index.matching(terms, 1000) if i in ids][:k]
    assert [score for _, score in index.matching(terms, k, allowed)] == best


@pytest.mark.parametrize("filters", CASES, ids=range(len(CASES)))
def test_a_filter_leaves_what_it_says(built: tuple[Path, Index], filters: Filters) -> None:
    """The documents left are those whose own record fulfils every condition."""
    index = built[1]

    def fits(name: str) -> bool:
        document = index.document(name)
        known = {**document.metadata, "date": document.date}
        pairs: dict[str, set[str]] = {}
        for key, value in filters.metadata:
            pairs.setdefault(key, set()).add(value.lower())
        # Dates of the sample are whole months or the fifteenth, so the bounds can be compared as text.
        low, high = document.date + "-31", (document.date + "-01")[:10]
        return (
            (not filters.documents or name in filters.documents)
            and (not filters.since or (bool(document.date) and low[:10] >= filters.first))
            and (not filters.until or (bool(document.date) and high <= filters.last))
            and all(known.get(key, "").lower() in values for key, values in pairs.items())
        )

    allowed = index.allowed(filters)
    assert allowed is not None
    expected = {name for name in index.documents if fits(name)}
    chunks = index.chunks_by_id(allowed.chunks.tolist()).values()
    assert {chunk.document for chunk in chunks} == expected
    assert allowed.documents == len(expected)


def test_a_list_is_asked_for_by_its_members(tmp_path: Path) -> None:
    """Tags of front matter or of metadata.jsonl match one by one and as a whole, a title as a whole only."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("---\ntags: [river, Old Stone]\n---\nThe bridge fell.\n", encoding="utf-8")
    (docs / "b.txt").write_text("The mill burned down.\n", encoding="utf-8")
    row = {"document": "b.txt", "tags": ["fire", "river"], "title": "Mills, old and new"}
    (docs / "metadata.jsonl").write_text(json.dumps(row), encoding="utf-8")
    build_index(docs, tmp_path / "index", settings=IndexSettings(encoder="hash:"))
    index = open_index(tmp_path / "index", IndexSettings(encoder="hash:"))

    def left(key: str, *values: str) -> int:
        allowed = index.allowed(Filters(metadata=tuple((key, value) for value in values)))
        return -1 if allowed is None else allowed.documents

    assert [left("tags", value) for value in ("river", "old stone", "fire", "stone")] == [2, 1, 1, 0]
    assert left("tags", "fire", "old stone") == 2
    assert left("tags", "fire, river") == 1
    assert [left("title", value) for value in ("mills", "Mills, old and new")] == [0, 1]


def test_no_condition_is_no_filter(built: tuple[Path, Index]) -> None:
    """Empty filters search everything, by the unfiltered path."""
    assert built[1].allowed(Filters()) is None
    assert built[1].allowed(None) is None


def test_what_cannot_be_meant_is_an_error(built: tuple[Path, Index]) -> None:
    """A wrong name, key or date says so, and what there is."""
    with pytest.raises(DocumentUnknown, match=r"did you mean 07\.txt"):
        built[1].allowed(Filters(documents=("07.tx",)))
    with pytest.raises(UsageError, match="author, date"):
        built[1].allowed(Filters(metadata=(("autor", "x"),)))
    with pytest.raises(UsageError, match="is no date"):
        Filters(since="03/04/2021")
    with pytest.raises(UsageError, match="nothing can lie between"):
        Filters(since="2021", until="2020")


def test_ask_and_search_keep_to_the_filter(built: tuple[Path, Index]) -> None:
    """Passages and citations come from allowed documents; none allowed is an abstention."""
    docs, index = built
    settings = RagSettings(index=SETTINGS.model_dump(include={"encoder"}), docs=docs)
    rag = Rag.open(docs, index=index.folder, settings=settings)
    only = Filters(documents=("12.txt",))
    question = "How many oaks stood in wood number 2?"
    assert {p.document for p in rag.search(question, filters=only)} == {"12.txt"}
    answer = rag.ask(question, filters=only)
    assert {p.document for p in answer.passages} | {c.document for c in answer.citations} == {"12.txt"}
    assert answer.trace.searched == 1
    nothing = rag.ask(question, filters=Filters(metadata=(("n", "99"),)))
    assert (nothing.status, nothing.passages, nothing.trace.searched) == ("abstained", (), 0)


@pytest.mark.slow
def test_the_command_line_filters(run_rag: RunRag, built: tuple[Path, Index]) -> None:
    """The options reach the search, and a wrong one is a usage error."""
    docs, index = built
    base = ("search", "oaks in wood", "--docs", docs, "--index", index.folder, "--json")
    env = {"RAG_INDEX__ENCODER": "hash:"}
    options = ("--where", "author=bo", "--since", "2015", "--until", "2018-12-31", "-k", "100")
    done = run_rag(*base, *options, env=env)
    assert done.returncode == 0, done.stderr
    filters = Filters((), "2015", "2018-12-31", (("author", "bo"),))
    allowed = index.allowed(filters)
    assert allowed is not None
    found = {passage["document"] for passage in json.loads(done.stdout)}
    assert found and found == {c.document for c in index.chunks_by_id(allowed.chunks.tolist()).values()}
    done = run_rag(*base, "--document", "12.txt", "--document", "13.txt", env=env)
    assert {passage["document"] for passage in json.loads(done.stdout)} == {"12.txt", "13.txt"}
    assert run_rag(*base, "--where", "author", env=env).returncode == 2
    assert run_rag(*base, "--since", "soon", env=env).returncode == 2
    assert run_rag(*base, "--document", "nope.txt", env=env).returncode == 3
