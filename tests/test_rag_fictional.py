"""The outcomes again, on places and people that nobody has written about: names drawn at test time.

What holds here cannot have been tuned for: each seed makes another small folder of saved web pages, with
menus, adverts and headlines round the prose, and asks about it.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag import Answer, Rag

SEEDS = (1, 2, 3, 4)
MONTHS = "January February March April June July August September October November December".split()


def name(rng: random.Random) -> str:
    """A name of three syllables that no language has, and that no English word is taken for."""
    return "".join(
        rng.choice("vzkbdm") + rng.choice("aeou") + rng.choice("lrnx") for _ in range(3)
    ).capitalize()


@dataclass(frozen=True)
class World:
    """What is true in one made-up folder."""

    seed: int
    town: str
    founder: str
    opened: str
    telescopes: int
    ship: str
    captain: str
    sailors: int
    festival: str
    baker: str
    star: str
    lottery: str
    nowhere: str

    @classmethod
    def drawn(cls, seed: int) -> "World":
        rng = random.Random(seed)
        names: list[str] = []
        while len(names) < 13:
            new = name(rng)
            if all(new[:2] != old[:2] for old in names[-2:]) and new not in names:
                names.append(new)
        opened = f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(1890, 1960)}"
        return cls(
            seed=seed,
            town=names[0],
            founder=f"{names[1]} {names[2]}",
            opened=opened,
            telescopes=rng.randint(13, 99),
            ship=names[3],
            captain=f"{names[4]} {names[5]}",
            sailors=rng.randint(110, 990),
            festival=names[6],
            baker=f"{names[7]} {names[8]}",
            star=f"{names[9]} {names[10]}",
            lottery=names[11],
            nowhere=names[12],
        )

    def pages(self) -> dict[str, str]:
        observatory = (
            f"The hills above {self.town} carry an old observatory with a copper dome.",
            f"The observatory of {self.town} was opened on {self.opened} by the astronomer {self.founder}.",
            f"Visitors can look through {self.telescopes} telescopes, which are kept in the northern hall.",
            "The dome was built of copper because iron would have disturbed the magnetic instruments.",
        )
        voyage = (
            f"The expedition ship {self.ship} left for the southern ice under captain {self.captain}.",
            f"Altogether {self.sailors} sailors joined the voyage of the {self.ship}, mostly volunteers.",
            "The crew turned back when a storm broke the second mast and carried away the boats.",
        )
        bread = (
            f"Each spring the {self.festival} festival fills the market square with bread and music.",
            f"Its first prize went to the baker {self.baker} for a loaf shaped like a swan.",
            "The judges praised the crust and said that the rye had been milled that very morning.",
        )
        texts = {"observatory.txt": observatory, "voyage.txt": voyage, "festival.txt": bread}
        return {file: self.page(text) for file, text in texts.items()}

    def page(self, sentences: tuple[str, ...]) -> str:
        """A saved web page: the prose in two paragraphs, and everything that stands round prose."""
        prose = f"{' '.join(sentences[:2])}\n\n{' '.join(sentences[2:])}"
        return (
            "Skip to main content\nHome\nNews\nSport\nContact us\n\nAdvertisement\n\n"
            f"{prose}\n\nShare this article\n\n"
            f"READ ALSO: {self.star} Wins {self.lottery} Lottery Of 12 Million\n\n"
            f"Advertisement\n\nRelated stories\n\n{self.lottery} Lottery Winner {self.star} Buys Castle\n"
            f"{self.star} Opens Hotel In Swamp\n\nSubscribe to our newsletter for $7 a month\n\nComments 12\n"
        )


@dataclass(frozen=True)
class Made:
    """A world and the room opened on its folder."""

    world: World
    folder: Path
    rag: Rag

    def ask(self, question: str, *earlier: str) -> Answer:
        """Ask, after some earlier questions; every citation is checked against the file."""
        answer = self.rag.ask(question, [{"role": "user", "content": asked} for asked in earlier])
        for cited in answer.citations:
            text = (self.folder / cited.document).read_bytes().decode("utf-8")
            assert text[cited.start : cited.end] == cited.quote
        return answer


@pytest.fixture(scope="module", params=SEEDS, ids="seed-{}".format)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    world = World.drawn(request.param)
    folder = tmp_path_factory.mktemp(f"world-{world.seed}")
    for file, text in world.pages().items():
        (folder / file).write_text(text, encoding="utf-8")
    yield Made(world, folder, Rag.open(folder, index=tmp_path_factory.mktemp("index") / "i"))


def test_a_fact(made: Made) -> None:
    """A person is found, and the sentence that names him is cited from its own document."""
    answer = made.ask(f"Who commanded the expedition ship {made.world.ship} as captain?")
    assert answer.status == "answered" and made.world.captain in answer.text
    assert any(made.world.captain in c.quote and c.document == "voyage.txt" for c in answer.citations)


def test_a_number(made: Made) -> None:
    """A number is found, and marked as the short answer inside its sentence."""
    answer = made.ask(f"How many sailors joined the voyage of the {made.world.ship}?")
    assert answer.status == "answered"
    short = answer.short_answer
    assert short is not None and short.text == str(made.world.sailors)
    assert answer.sentences[short.sentence].text[short.start : short.end] == short.text
    assert answer.citations[0].document == "voyage.txt"


def test_a_date(made: Made) -> None:
    """A date is found, and marked as the short answer inside its sentence."""
    answer = made.ask(f"When was the observatory of {made.world.town} opened?")
    assert answer.status == "answered"
    short = answer.short_answer
    assert short is not None and short.text == made.world.opened
    assert answer.sentences[short.sentence].text[short.start : short.end] == short.text
    assert answer.citations[0].document == "observatory.txt"


def test_a_reason(made: Made) -> None:
    """A question why is answered by the sentence with the reason."""
    answer = made.ask(f"Why was the dome of the {made.world.town} observatory built of copper?")
    assert answer.status == "answered" and "magnetic instruments" in answer.text


def test_two_documents(made: Made) -> None:
    """A question about two documents cites both."""
    world = made.world
    answer = made.ask(
        f"Who opened the observatory of {world.town}, "
        f"and how many sailors joined the voyage of the {world.ship}?"
    )
    assert answer.status == "answered"
    assert world.founder in answer.text and str(world.sailors) in answer.text
    assert {c.document for c in answer.citations} >= {"observatory.txt", "voyage.txt"}


def test_a_follow_up(made: Made) -> None:
    """The first follow-up is understood from the question before it, and without that it is not."""
    first = f"When was the observatory of {made.world.town} opened?"
    answer = made.ask("And who opened it?", first)
    assert answer.status == "answered" and made.world.founder in answer.text
    assert made.world.town in answer.query
    assert any(c.document == "observatory.txt" for c in answer.citations)


def test_half_a_question(made: Made) -> None:
    """What is there is answered, and what is not is named as missing."""
    answer = made.ask(
        f"How many sailors joined the voyage of the {made.world.ship}? Which enzyme unwinds the double helix?"
    )
    assert answer.status == "partial" and str(made.world.sailors) in answer.text
    assert len(answer.missing) == 1 and "enzyme" in answer.missing[0]


@pytest.mark.parametrize(
    "question",
    [
        "Which enzyme unwinds the double helix during replication?",
        "What torque do the cylinder head bolts of the tractor need?",
        "What is the interest rate on student loans in {town}?",
        "How many goals did {town} score in the football final?",
    ],
)
def test_a_fact_that_is_not_there(made: Made, question: str) -> None:
    """A fact that no document states is not answered, even about a town that they know."""
    answer = made.ask(question.format(town=made.world.town))
    assert (answer.status, answer.citations) == ("abstained", ())


@pytest.mark.parametrize(
    "question", ["What did {x} invent?", "Who is {x}?", "How tall is the {x} lighthouse?"]
)
def test_an_unknown_name(made: Made, question: str) -> None:
    """Asked about a name that no document holds, the answer is none and says that name."""
    answer = made.ask(question.format(x=made.world.nowhere))
    assert (answer.status, answer.citations) == ("abstained", ())
    assert f"“{made.world.nowhere}”" in answer.text


def test_an_unknown_name_on_a_known_topic(made: Made) -> None:
    """Asked of another town what is told of ours, it records the name and cites nothing as if it held it.

    Whether it answers is not promised: near misses are not told from facts yet.
    """
    answer = made.ask(f"When was the observatory of {made.world.nowhere} opened?")
    assert answer.trace.unknown_words == (made.world.nowhere,)
    assert answer.trace.signals["names"] == 1.0
    assert made.world.nowhere not in "".join(cited.quote for cited in answer.citations)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the {lottery} lottery?",
        "What did {star} buy?",
        "Where did {star} open a hotel?",
        "How much does the newsletter cost a month?",
    ],
)
def test_boilerplate_never_answers(made: Made, question: str) -> None:
    """What stands only in adverts, headlines and menus is neither answered nor shown as a passage."""
    world = made.world
    answer = made.ask(question.format(lottery=world.lottery, star=world.star))
    assert (answer.status, answer.citations) == ("abstained", ())
    shown = " ".join(passage.text for passage in answer.passages)
    for word in (world.star, world.lottery, "newsletter", "Advertisement", "READ ALSO", "Comments"):
        assert word not in shown


def test_one_seed_makes_one_world() -> None:
    """A failure can be repeated: a seed always draws the same names, another seed others."""
    assert World.drawn(7) == World.drawn(7)
    assert World.drawn(7).town != World.drawn(8).town
