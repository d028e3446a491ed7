"""Settings are closed and bounded."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from index import IndexSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"chunk_token": 128},
        {"chunk_tokens": 31},
        {"chunk_tokens": 513},
        {"max_file_mb": 0},
        {"clean": "maybe"},
    ],
)
def test_what_is_unknown_or_out_of_bounds_is_refused(wrong: dict[str, object]) -> None:
    """A typo or a value out of range is an error that names the key."""
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        IndexSettings.model_validate(wrong)


def test_settings_do_not_change() -> None:
    """Settings are frozen: a changed copy is another object."""
    with pytest.raises(ValidationError, match="frozen"):
        IndexSettings().chunk_tokens = 64  # type: ignore[misc]  # that is the point


def test_models_live_in_the_home_unless_told(tmp_path: Path) -> None:
    """The folder of exported models follows the home folder."""
    assert IndexSettings(home=tmp_path).models_folder == tmp_path / "models"
    assert IndexSettings(home=tmp_path, models=tmp_path / "m").models_folder == tmp_path / "m"
