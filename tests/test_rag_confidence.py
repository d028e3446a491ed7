"""How sure an answer is said to be: less, where its sources differ."""

from pathlib import Path

import pytest

from rag import Answer, Rag

MUSEUM = (
    "Visitors of the Alder Museum pay at the door. A ticket for the Alder Museum costs {} euros for adults"
    " and nothing for children under six. The museum is closed on Mondays and on the first of January."
)


def price(folder: Path, *prices: int) -> Answer:
    """What a ticket costs, by a folder whose documents each give one price."""
    docs = folder / "-".join(map(str, prices))
    docs.mkdir()
    for at, euros in enumerate(prices):
        (docs / f"{at}.txt").write_text(MUSEUM.format(euros), encoding="utf-8")
    with Rag.open(docs, index=folder / f"index-{docs.name}") as rag:
        return rag.ask("How much is a ticket for the Alder Museum?")


def test_an_answer_whose_sources_differ_is_less_sure(tmp_path: Path) -> None:
    """Of several prices one is right at most; where they agree, nothing is taken away."""
    agreed, two, three = price(tmp_path, 9, 9), price(tmp_path, 9, 12), price(tmp_path, 9, 12, 15)
    assert not agreed.conflicts and agreed.confidence and two.confidence and three.confidence
    assert [len(answer.conflicts[0].values) for answer in (two, three)] == [2, 3]
    assert two.confidence == pytest.approx(agreed.confidence / 2, abs=0.02)
    assert three.confidence == pytest.approx(agreed.confidence / 3, abs=0.02)
