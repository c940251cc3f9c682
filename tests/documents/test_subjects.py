"""A document knows what it is about, also where its title does not say."""

from assistant.documents.model import Document, Metadata
from assistant.documents.segment import segment
from assistant.documents.subjects import subjects

LEAFLET = """Package leaflet: Information for the user

What Veltoral is and what it is used for

Veltoral is a medicine against gout. Tell your doctor before you take Veltoral. You can take veltoral with food.
Veltoral is made by Holmgaard. Tell your doctor if Veltoral does not help. Tell a nurse as well.
"""


def test_the_name_said_most_is_what_a_leaflet_is_about() -> None:
    document = Document("a.txt", LEAFLET, Metadata(title="Package leaflet", language="en"), "h")
    assert subjects(document, segment(document)) == ("Veltoral",)


def test_a_text_without_names_is_about_none() -> None:
    document = Document("a.txt", "Take one tablet. Take it daily. Take it with food.", Metadata(language="en"), "h")
    assert subjects(document, segment(document)) == ()
