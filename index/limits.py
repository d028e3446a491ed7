"""How much one foreign file may cost. Apart from the settings, so that the parser process starts light."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for reading one file of a foreign format.

    Attributes:
        memory_mb: Address space of the parser process.
        cpu_seconds: Processor time.
        wall_seconds: Time by the clock.
        characters: Text that comes out, in code points.
        pages: Pages of a document, or slides.
        archive_mb: Size of what is unpacked, counted while it is read.
        archive_entries: Members of an archive.
        archive_ratio: Unpacked size over packed size, once more than a megabyte is unpacked.
    """

    memory_mb: int = 1536
    cpu_seconds: int = 30
    wall_seconds: int = 60
    characters: int = 20_000_000
    pages: int = 5000
    archive_mb: int = 100
    archive_entries: int = 1000
    archive_ratio: int = 100
