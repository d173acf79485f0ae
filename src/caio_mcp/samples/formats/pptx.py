"""PowerPoint slides, their tables and notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from .. import Budget, Part, Segment
from .office import SAID_IN, check_size, needed, reading, said_besides

_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_BAR = " | "  # between the cells of a row
_READ = ("ppt/slides/slide", "ppt/notesSlides/notesSlide", "ppt/theme/", "ppt/slideLayouts/")


def parts(file: BinaryIO, name: str, budget: Budget) -> Iterator[Part]:
    """One text for each slide, with its notes; then what is said elsewhere."""
    with needed("python-pptx"):
        import pptx
    with reading(name):
        check_size(file, name)
        for number, slide in enumerate(pptx.Presentation(file).slides, 1):
            lines = [line for shape in slide.shapes for line in _lines(shape)]
            if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
                lines.append(slide.notes_slide.notes_text_frame.text)
            text = "\n".join([*lines, *_beside(slide.element, lines)])
            if not budget.take(len(text)):
                return
            yield Segment(text, where=f"slide {number}")
        yield from said_besides(file, budget, lambda part: part.startswith(_READ))


def _beside(slide: Any, lines: list[str]) -> Iterator[str]:
    """What is said of pictures and links, and the words of what the library does not know."""
    known = {words for line in lines for part in line.split("\n") for words in part.split(_BAR)}
    for paragraph in slide.iter(f"{_DRAWN}p"):
        words = "".join(
            "\v" if part.tag == f"{_DRAWN}br" else part.text or ""
            for part in paragraph.iter(f"{_DRAWN}t", f"{_DRAWN}br")
        )
        if words not in known:
            yield words
    for element in slide.iter():
        for attribute, words in element.attrib.items():
            if attribute.rpartition("}")[2] in SAID_IN and words:
                yield words


def _lines(shape: Any) -> Iterator[str]:
    if shape.has_text_frame:
        yield shape.text_frame.text
    if getattr(shape, "has_table", False) and shape.has_table:
        for row in shape.table.rows:
            yield _BAR.join(cell.text for cell in row.cells)
    for inner in getattr(shape, "shapes", ()):
        yield from _lines(inner)
