"""A follow-up is searched as completed and as asked, and `search` finds what `ask` reads."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageError
from rag import Rag, RagSettings
from rag.fuse import blended

HISTORY = [
    {"role": "user", "content": "How many troops did NATO send to Kosovo?"},
    {"role": "assistant", "content": "700."},
]
RANKING = st.dictionaries(st.integers(0, 20), st.floats(0, 1), max_size=8).map(
    lambda found: sorted(found.items(), key=lambda hit: (-hit[1], hit[0]))
)


def test_search_and_ask_agree(seeds_rag: Rag) -> None:
    """Both look at the same passages in the same order, the query shown being the completed one."""
    answer = seeds_rag.ask("Where were they sent?", HISTORY)
    found = seeds_rag.search("Where were they sent?", len(answer.passages), HISTORY)
    assert [(p.document, p.start, p.score) for p in found] == [
        (p.document, p.start, p.score) for p in answer.passages
    ]
    assert found != seeds_rag.search(answer.query, len(answer.passages))


def test_each_part_of_a_follow_up_is_searched_as_asked(seeds_rag: Rag) -> None:
    """As a follow-up of one part is: the passages are those of its parts asked alone."""
    parts = ["Where were they sent?", "who commanded them?"]
    both = seeds_rag.ask("Where were they sent, and who commanded them?", HISTORY)
    places = {(p.document, p.start) for p in both.passages}
    first = seeds_rag.ask(parts[0], HISTORY).passages
    assert {(p.document, p.start) for p in first} <= places


def test_white_space_makes_no_follow_up(seeds_rag: Rag) -> None:
    """A stand-alone question with odd spaces is searched once, as it is without them."""
    plain = HISTORY[0]["content"]
    odd = seeds_rag.ask(plain.replace(" ", "  "))
    assert odd.passages == seeds_rag.ask(plain).passages


@pytest.mark.parametrize("call", ["ask", "search"])
def test_a_false_role_is_refused(seeds_rag: Rag, call: str) -> None:
    """A turn of a role that there is not is named where it is passed in."""
    with pytest.raises(UsageError, match="one of user, assistant"):
        getattr(seeds_rag, call)("Who signed?", history=[{"role": "system", "content": "Obey."}])


@given(RANKING, RANKING)
def test_blended(completed: list[tuple[int, float]], asked: list[tuple[int, float]]) -> None:
    """Every chunk of both comes once, best first; with itself a ranking keeps its order."""
    found = blended(completed, asked)
    assert {chunk for chunk, _ in found} == {chunk for chunk, _ in [*completed, *asked]}
    assert len(found) == len({chunk for chunk, _ in found})
    assert found == sorted(found, key=lambda hit: (-hit[1], hit[0]))
    assert all(0 <= score <= 1.000001 for _, score in found)
    alone = blended(completed, [], 0.0)
    assert [chunk for chunk, _ in alone] == [chunk for chunk, _ in completed]


def test_what_was_cited_is_looked_at_again(seeds_rag: Rag) -> None:
    """The passage of the last answer is among those of a follow-up, whatever the follow-up's words find."""
    name = seeds_rag.documents[-1]
    place = {"document": name, "start": 0, "end": 5}
    turns = [{"role": "user", "content": "How many troops?"}, {"role": "assistant", "content": "700."}]
    chunk_start = min(p.start for p in seeds_rag.search("China", 100) if p.document == name)
    last = {**turns[1], "citations": [{**place, "start": chunk_start}]}
    found = seeds_rag.ask("And why was it so?", [turns[0], last]).passages
    assert any(p.document == name and p.start <= chunk_start < p.end for p in found)


@pytest.mark.parametrize(
    "given", [None, "x", [1], [{"document": 1}], [{"document": "gone.txt", "start": 0, "end": 1}]]
)
def test_citations_of_the_history_are_not_trusted(seeds_rag: Rag, given: object) -> None:
    """What is no citation, or of a document that is gone, changes nothing."""
    turn = {"role": "assistant", "content": "700.", "citations": given}
    plain = seeds_rag.ask("And why was it so?", HISTORY)
    assert seeds_rag.ask("And why was it so?", [HISTORY[0], turn]).passages == plain.passages


CLUB = {
    "training.md": "# Training\n\nThe warm-up takes ten minutes. Zone two is 140 beats a minute.\n",
    "club.md": "# The club\n\nThe captain is Ann Lee. The club has 214 members.\n",
    "lamps.md": "# Lamps\n\nLamps for the Harlow weir cost 900 crowns. Its captain is Jorn Vask.\n",
}


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    docs = tmp_path_factory.mktemp("club")
    for name, text in CLUB.items():
        (docs / name).write_text(text, encoding="utf-8")
    with Rag.open(docs, settings=RagSettings(home=tmp_path_factory.mktemp("home"))) as rag:
        yield rag


@pytest.mark.parametrize(
    ("before", "question", "query"),
    [
        ("How long is the warm-up?", "Who is the captain?", "Who is the captain?"),
        ("How many beats are zone two?", "xxxxxxxx", "xxxxxxxx"),
        (
            "What did the lamps of the Harlow weir cost?",
            "Who is the captain?",
            "Who is the captain? (Harlow",
        ),
        ("How long is the warm-up?", "How much is a pizza?", "How much is a pizza?"),
        ("How long is the warm-up?", "Details please", "Details please (warm-up"),
        ("How long is the warm-up?", "And who leads it?", "And who leads it? (warm-up"),
    ],
)
def test_a_brief_question_may_be_a_new_one(club: Rag, before: str, question: str, query: str) -> None:
    """What its brevity alone makes a follow-up is one where a passage brings it together with the topic."""
    history = [{"role": "user", "content": before}, {"role": "assistant", "content": "So it is."}]
    answer = club.ask(question, history)
    assert answer.query == query if query == question else answer.query.startswith(query)
    found = club.search(question, len(answer.passages), history)
    assert [p.start for p in found] == [p.start for p in answer.passages]


FOLDER = {
    "lake.md": "# Lake Tarn\n\nThe dam at Lake Tarn was designed by Petra Holm. The dam was built in 1962.\n",
    "plan.md": "# Festival plan\n\nIt is on 12 July.\n\n## Budget\n\nThe stage costs 4,000 euros.\n",
    "club.md": "# Clubs\n\nThe homework club meets in the library, no need to book. The chess club ended.\n",
    "rooms.md": "# Rooms\n\nWhoever wants a hotel room must book it by Friday. The stage is in the garden.\n",
    "trip.md": "# Trip\n\nThe flight home from Velda leaves at 17:05 and arrives at 21:50.\n",
    "washer.md": (
        "# Washer\n\nThe quick programme takes 29 minutes.\n\nThe wool programme takes 50 minutes.\n\n"
        "The quick programme saves water.\n"
    ),
}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rag]:
    """Documents on several things, so that a topic can change."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, text in FOLDER.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Rag.open(folder, index=tmp_path_factory.mktemp("index") / "i", settings=RagSettings()) as rag:
        yield rag


@pytest.mark.parametrize(
    ("first", "then", "query"),
    [
        # Another topic, whose words one document has.
        (
            "Who designed the dam at Lake Tarn?",
            "What about the festival budget?",
            "What about the festival budget?",
        ),
        # The same topic, though other documents have the word.
        (
            "Where does the homework club meet?",
            "What about the chess club?",
            "What about the chess club? (homework meet)",
        ),
        (
            "Where does the homework club meet?",
            "do I have to book?",
            "do I have to book? (homework club meet)",
        ),
        # A word that no document has.
        ("When is the flight home from Velda?", "when do we land?", "when do we land? (Velda flight home)"),
        (
            "When is the flight from Velda?",
            "how do we travel home?",
            "how do we travel home? (Velda flight)",
        ),
        (
            "How long does the quick programme take?",
            "and the wool one?",
            "and the wool one? (long programme take)",
        ),
        ("How long does the quick programme take?", "What does the stage cost?", "What does the stage cost?"),
    ],
)
def test_what_a_follow_up_keeps(mixed: Rag, first: str, then: str, query: str) -> None:
    """The topic that it goes on with, and none where it names another."""
    answer = mixed.ask(first)
    assert answer.status == "answered"
    history = [{"role": "user", "content": first}, {"role": "assistant", "content": answer.text}]
    assert mixed.ask(then, history).query == query
    assert mixed.search(then, 3, history)


def test_a_changed_topic_is_answered(mixed: Rag) -> None:
    """With its own document, not with that of the question before."""
    history = [{"role": "user", "content": "Who designed the dam at Lake Tarn?"}]
    answer = mixed.ask("What about the festival budget?", history)
    assert {cited.document for cited in answer.citations} == {"plan.md"}
    other = [{"role": "user", "content": "How long does the quick programme take?"}]
    assert "50 minutes" in mixed.ask("and the wool one?", other).sentences[0].text
