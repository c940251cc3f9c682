"""A long conversation costs no more per question than a short one."""

from collections.abc import Callable

import pytest
from driving import ask
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Open = Callable[..., Page]

QUESTION = "Hvor ofte gives Veltoral?"
TURNS = 12


def test_what_is_sent_and_kept_for_a_question_does_not_grow_with_the_conversation(open_page: Open) -> None:
    page = open_page()
    network, sizes = page.context.new_cdp_session(page), list[int]()
    network.send("Network.enable")
    network.on("Network.dataReceived", lambda event: sizes.append(event["dataLength"]))
    network.on(
        "Network.requestWillBeSent", lambda event: sizes.append(len(event["request"].get("postData", "").encode()))
    )
    page.evaluate(
        """() => {
          window.written = [];
          const write = Storage.prototype.setItem;
          Storage.prototype.setItem = function (name, text) { window.written.push(text.length); write.call(this, name, text); };
        }"""
    )
    sent, kept = [], []
    for _ in range(TURNS):
        sizes.clear()
        page.evaluate("window.written.length = 0")
        ask(page, QUESTION)
        page.wait_for_timeout(400)  # until the stream of events is closed
        sent.append(sum(sizes))
        kept.append(page.evaluate("window.written.reduce((sum, size) => sum + size, 0)"))
    network.detach()
    assert sent[0] > 5_000, "the answer itself is counted"
    assert max(sent) < 1.1 * min(sent)
    assert kept[0] > 1_000
    assert max(kept) < 1.1 * min(kept)
