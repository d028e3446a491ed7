"""The floors of a set: what it may not fall below, committed beside it as `NAME.floors.json`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eval.errors import FloorsError
from eval.runner import RunResult
from eval.slices import figure_names


class Floor(BaseModel):
    """The least a metric may be on a slice.

    Attributes:
        bound: What is compared: the plain value, or the lower end of its Wilson interval.
        min_groups: With fewer independent groups the floor does not gate; a slice without any always fails.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    metric: str
    split: Literal["dev", "heldout", "all"]
    category: str
    floor: Annotated[float, Field(ge=0, le=1)]
    bound: Literal["value", "wilson_low"] = "wilson_low"
    min_groups: Annotated[int, Field(ge=1)] = 30
    reason: str = ""


class Floors(BaseModel):
    """A floors file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    version: Annotated[Literal[1], Field(alias="schema")]
    floors: tuple[Floor, ...]
    note: str = ""


def floors_beside(questions: Path) -> Floors | None:
    """The floors of a question set: `NAME.floors.json` beside `NAME.jsonl`; None if there is no such file.

    Raises:
        FloorsError: The file cannot be read or holds something else.
    """
    path = questions.with_suffix(".floors.json")
    try:
        return Floors.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FloorsError(f"{path}: cannot be read ({error.strerror or error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise FloorsError(f"{path}: {where}: {first['msg']}; correct the floors file") from error


def check_floors(floors: Floors, result: RunResult) -> None:
    """Refuse floors that name no metric: a misspelt floor must not pass by never being looked at.

    Raises:
        FloorsError: A metric is unknown.
    """
    known = figure_names(result.ks)
    for floor in floors.floors:
        if floor.metric not in known:
            raise FloorsError(
                f"floors: unknown metric {floor.metric!r}; known are {', '.join(sorted(known))}"
            )
