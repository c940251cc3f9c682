"""What the page draws of a place in a document."""

import pytest

from assistant.web.drawing import place


@pytest.mark.parametrize(
    ("section", "title", "shown"),
    [
        ("Veltoral: oversigt > Dosis > Voksne", "Veltoral, en oversigt", "Dosis › Voksne"),
        ("Dosis > Voksne", "Veltoral, en oversigt", "Dosis › Voksne"),
        ("Veltoral", "Veltoral", "Veltoral"),  # the only heading stays
        ("", "Veltoral", ""),
    ],
)
def test_a_place_leaves_out_a_first_heading_that_repeats_the_title(section: str, title: str, shown: str) -> None:
    assert place(section, title) == shown
