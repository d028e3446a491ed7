"""The bench of one folder: gold documents alone, the whole corpus, and titles passed over."""

import pytest
from town_sets import HASHED, towns

from eval.bench.data import read_sets
from eval.bench.whole import bench_whole
from eval.bench.whole_report import WholeReport
from rag import load_settings


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> WholeReport:
    """Of a set of towns."""
    folder = towns(tmp_path_factory.mktemp("towns") / "towns", count=6)
    return bench_whole(read_sets([folder])[0], load_settings(**HASHED), sample=40)


def test_every_figure_has_an_interval_around_it(report: WholeReport) -> None:
    """Means, areas and errors: none is told alone."""
    for figure in (report.sentences, report.unanswerable, report.stated, report.off):
        assert figure.value is not None and figure.interval is not None
        assert figure.interval.low <= figure.value <= figure.interval.high


def test_what_is_given_is_found(report: WholeReport) -> None:
    """The towns say each year once, and the document alone tells it; a town is one file."""
    assert report.asked
    assert all(asked.given and asked.sentences for asked in report.asked)
    assert all(asked.whole <= asked.right for asked in report.asked)
    assert report.removed.files == 6
