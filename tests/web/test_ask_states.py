"""Each state of an answer in each language: its badge, what a screen reader hears, its border, and no fault for axe."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from driving import ask, faults, served
from playwright.sync_api import Browser, Page, expect

from assistant.engine import Assistant
from assistant.settings import Settings

pytestmark = pytest.mark.browser

FILES = {
    "veltoral.da.md": """---
title: Veltoral, oversigt
language: da
date: 2025-03-01
---
# Veltoral

## Dosis

Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge.

## Studie

I et studie blandt 412 kvinder med gigt blev Veltoral sammenlignet med placebo.

## Pris

Prisen for Veltoral er  kr. pr. måned.
""",
    "veltoral.nl.md": """---
title: Veltoral, overzicht
language: nl
date: 2025-04-01
---
# Veltoral

## Dosering

De aanbevolen dosis Veltoral is 60 mg eenmaal per 4 weken.

## Studie

In een studie onder 389 vrouwen met jicht werd Veltoral vergeleken met placebo.

## Bewaring

Bewaar Veltoral in de koelkast.
""",
    "veltoral.en.md": """---
title: Veltoral, overview
language: en
date: 2025-05-01
---
# Veltoral

## Dose

The recommended dose of Veltoral is 60 mg once every 4 weeks.

## Overdose

After an overdose of Veltoral, the pulse is measured every hour.
""",
}
DOSE = {
    "da": ("Hvor ofte gives Veltoral?", "Man giver 60 mg Veltoral hver 4. uge [1]."),
    "nl": ("Hoe vaak wordt Veltoral gegeven?", "Men geeft 60 mg Veltoral elke 4 weken [1]."),
    "en": ("How often is Veltoral given?", "60 mg of Veltoral is given every 4 weeks [1]."),
}
# state -> language -> (question, the state's badge, what stands in the answer)
STATES: dict[str, dict[str, tuple[str, str, str]]] = {
    "answered": {
        "da": (DOSE["da"][0], "Citeret fra dokumenterne", "60 mg én gang hver 4. uge"),
        "nl": (DOSE["nl"][0], "Geciteerd uit de documenten", "60 mg eenmaal per 4 weken"),
        "en": (DOSE["en"][0], "Quoted from the documents", "60 mg once every 4 weeks"),
    },
    "abstained": {
        "da": ("Hvad koster Bruxamin?", "Ikke i dokumenterne", "Nærmeste passager"),
        "nl": ("Wat kost Bruxamin?", "Niet in de documenten", "Dichtstbijzijnde passages"),
        "en": ("What does Bruxamin cost?", "Not in the documents", "Nearest passages"),
    },
    "conflict": {
        "da": ("Hvor mange kvinder deltog i studiet af Veltoral?", "Dokumenterne er uenige", "1. marts 2025"),
        "nl": (
            "Hoeveel vrouwen deden mee aan de studie van Veltoral?",
            "De documenten spreken elkaar tegen",
            "1 maart 2025",
        ),
        "en": ("How many women took part in the study of Veltoral?", "The documents disagree", "1 March 2025"),
    },
    "foreign": {
        "da": ("Hvordan opbevares Veltoral?", "Fra et dokument på hollandsk", "Bewaar Veltoral in de koelkast."),
        "nl": (
            "Wat wordt er na een overdosis Veltoral gemeten?",
            "Uit een document in het Engels",
            "pulse is measured",
        ),
        "en": ("How is Veltoral stored?", "From a document in Dutch", "Bewaar Veltoral in de koelkast."),
    },
    "blank": {
        "da": ("Hvad koster Veltoral?", "Står tomt i dokumentet", "Prisen for Veltoral er […] kr. pr. måned."),
        "nl": ("Wat kost Veltoral?", "Opengelaten in het document", "Prisen for Veltoral er […] kr. pr. måned."),
        "en": ("What does Veltoral cost?", "Left blank in the document", "Prisen for Veltoral er […] kr. pr. måned."),
    },
    "model": {
        "da": (DOSE["da"][0], "Formuleret af en sprogmodel", "Man giver 60 mg Veltoral hver 4. uge."),
        "nl": (DOSE["nl"][0], "Verwoord door een taalmodel", "Men geeft 60 mg Veltoral elke 4 weken."),
        "en": (DOSE["en"][0], "Worded by a language model", "60 mg of Veltoral is given every 4 weeks."),
    },
}


class Model(BaseHTTPRequestHandler):
    """Stands in for a language model: it words the answer to each of the questions above."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
        worded = next((reply for question, reply in DOSE.values() if question in asked), "")
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": worded}}
        reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(reply).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the documents above, indexed."""
    folder: Path = tmp_path_factory.mktemp("states")
    (folder / "corpus").mkdir()
    for name, text in FILES.items():
        (folder / "corpus" / name).write_text(text, "utf-8")
    assistant = Assistant(Settings(corpus=folder / "corpus", index=folder / "index"))
    assistant.index()
    assistant.close()
    return folder


@pytest.fixture(scope="module")
def addresses(place: Path) -> Iterator[dict[bool, str]]:
    """Where a page answers without a language model, and where it answers with one: whether -> address."""
    model = HTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    quoting = Assistant(Settings(corpus=place / "corpus", index=place / "index", records_folder=place))
    url = f"http://127.0.0.1:{model.server_port}/v1"
    wording = Assistant(quoting.settings.model_copy(update={"llm_url": url, "llm_model": "m"}))
    quoting.warm()
    with served(quoting) as without, served(wording) as with_one:
        yield {False: without, True: with_one}
    model.shutdown()
    quoting.close()
    wording.close()


@pytest.fixture(scope="module")
def page_in(browser: Browser, addresses: dict[bool, str]) -> Iterator[dict[tuple[str, bool], Page]]:
    """One page a language, with and without a language model, for all the states: (language, with one) -> page."""
    contexts, pages = [], {}
    for language, locale in (("da", "da-DK"), ("nl", "nl-NL"), ("en", "en-GB")):
        context = browser.new_context(locale=locale, reduced_motion="reduce", viewport={"width": 1280, "height": 860})
        contexts.append(context)
        for is_worded, address in addresses.items():
            pages[language, is_worded] = context.new_page()
            pages[language, is_worded].goto(address)
            pages[language, is_worded].locator("#examples button").first.wait_for()
    yield pages
    for context in contexts:
        context.close()


def asked(page: Page, question: str) -> None:
    """Ask in a conversation of its own."""
    if page.locator("#log article.turn").count():
        page.locator("#new-chat").click()
        expect(page.locator("#log article.turn")).to_have_count(0, timeout=20_000)
    ask(page, question)


@pytest.mark.parametrize("language", ["da", "nl", "en"])
@pytest.mark.parametrize("state", STATES)
def test_each_state_is_drawn_and_said_in_each_language(
    page_in: dict[tuple[str, bool], Page], state: str, language: str
) -> None:
    page, (question, badge, stands) = page_in[language, state == "model"], STATES[state][language]
    asked(page, question)
    turn = page.locator("#log article.turn").last
    drawn = {"foreign": "answered", "model": "answered"}.get(state, state)
    expect(turn).to_have_attribute("data-state", drawn)
    badges = turn.locator(".badge").all_inner_texts()
    assert badge in badges
    if state not in ("foreign", "conflict", "blank"):
        assert badges == [badge]
    assert stands in " ".join(turn.inner_text().replace("\u2060", "").split())
    heard = page.locator("#announcer").text_content() or ""
    if state not in ("answered", "abstained", "blank"):
        assert badge in heard
    assert page.locator("html").get_attribute("lang") == language
    expect(page.locator("#panel .source").first).to_be_visible()
    assert page.locator("#panel .source--nearest").count() == (
        page.locator("#panel .source").count() if state == "abstained" else 0
    )
    assert faults(page) == []


def test_a_disagreement_shows_both_values_first_each_with_its_source_and_date(
    page_in: dict[tuple[str, bool], Page],
) -> None:
    page = page_in["en", False]
    asked(page, STATES["conflict"]["en"][0])
    sides = page.locator("#log .conflict__side")
    expect(sides).to_have_count(2)
    for side, parts in zip(sides.all(), (("412", "oversigt", "March"), ("389", "overzicht", "April")), strict=True):
        assert all(part in side.inner_text() for part in parts)
    first, statement = sides.first.bounding_box(), page.locator("#log .statement").first.bounding_box()
    assert first
    assert statement
    assert first["y"] < statement["y"]
    assert "412 kvinder / 389 vrouwen" in (page.locator("#announcer").text_content() or "")


def test_what_others_say_the_same_in_another_language_makes_no_answer_foreign(
    page_in: dict[tuple[str, bool], Page],
) -> None:
    page = page_in["da", False]
    asked(page, DOSE["da"][0])
    expect(page.locator("#panel .source")).to_have_count(3)
    expect(page.locator("#panel .source__foreign")).to_have_count(2)
    expect(page.locator("#log .badge--foreign")).to_have_count(0)


@pytest.mark.parametrize("language", ["da", "nl", "en"])
def test_what_to_ask_next_is_offered_and_asked_with_one_press(
    page_in: dict[tuple[str, bool], Page], language: str
) -> None:
    page = page_in[language, False]
    asked(page, DOSE[language][0])
    offered = page.locator("#log article.turn").last.locator("[data-ask]")
    questions = offered.all_inner_texts()
    assert STATES["blank"][language][0] in questions
    assert DOSE[language][0] not in questions
    offered.filter(has_text=STATES["blank"][language][0]).press("Enter")
    expect(page.locator("#log article.turn")).to_have_count(2, timeout=20_000)
    expect(page.locator("#log article.turn").last).to_have_attribute("data-state", "blank", timeout=20_000)
    expect(page.locator("#question textarea")).to_be_focused()
    expect(page.locator("#log [data-ask]:visible").filter(has_text=STATES["blank"][language][0])).to_have_count(0)
