"""The tools over MCP, called by the official client: a process by its standard input and output, a server by HTTP."""

import asyncio
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp import Client, StdioServerParameters
from serving import served

from assistant import Assistant

ROOT = Path(__file__).parents[2]
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
TOOLS = {"ask", "search_passages", "read_document", "verify_text", "list_conflicts", "list_documents"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}

Doing = Callable[[Client], Coroutine[Any, Any, Any]]
WithClient = Callable[[Doing], Any]


def command(assistant: Assistant) -> list[str]:
    folders = "--corpus", str(assistant.settings.corpus), "--index", str(assistant.settings.index)
    return ["-c", "from assistant.cli import main; main()", "mcp", *folders]


def environment() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT)}


def over_stdio(assistant: Assistant, doing: Doing) -> Any:
    process = StdioServerParameters(
        command=sys.executable, args=command(assistant), env=environment(), cwd=assistant.settings.corpus
    )

    async def connected() -> Any:
        async with Client(process, read_timeout_seconds=120) as client:
            return await doing(client)

    return asyncio.run(connected())


def over_http(address: str, doing: Doing, mode: str = "auto") -> Any:
    async def connected() -> Any:
        async with Client(f"{address}/mcp", read_timeout_seconds=120, mode=mode) as client:
            return await doing(client)

    return asyncio.run(connected())


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key not in ("seconds", "answer_id")}


async def everything(client: Client) -> dict[str, Any]:
    """Every tool called once."""
    calls = {
        "ask": {"question": "Hvor ofte gives Veltoral?"},
        "search_passages": {"query": "dosis af Veltoral", "limit": 3},
        "read_document": {"path": "veltoral.da.md"},
        "verify_text": {"text": "Veltoral gives hver 6. uge.", "language": "da"},
        "list_conflicts": {},
        "list_documents": {},
    }
    tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    return {"tools": tools, **{name: await client.call_tool(name, given) for name, given in calls.items()}}


@pytest.fixture(scope="module", params=["stdio", "http", "http by the handshake"])
def said(request: pytest.FixtureRequest, assistant: Assistant, address: str) -> Any:
    """What every tool says, over each transport."""
    if request.param == "stdio":
        return over_stdio(assistant, everything)
    return over_http(address, everything, "auto" if request.param == "http" else "legacy")


def test_each_tool_says_what_it_takes_and_returns(said: dict[str, Any]) -> None:
    assert said["tools"].keys() == TOOLS
    for tool in said["tools"].values():
        assert tool.description
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint is True
        assert "prefixItems" not in json.dumps(tool.input_schema)  # which many clients cannot read


def test_an_answer_is_text_with_its_sources_and_the_object_of_the_other_doors(
    said: dict[str, Any], assistant: Assistant
) -> None:
    asked, answer = said["ask"], assistant.ask("Hvor ofte gives Veltoral?")
    assert timeless(asked.structured_content) == timeless(answer.as_dict())
    citation = answer.citations[0]
    assert asked.content[0].text == (
        "Den anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge. [1]\n\n"
        "[1] veltoral.da.md, Veltoral > Dosis, "
        f"characters {citation.start} to {citation.end}: “{citation.quote}”"
    )


def test_passages_are_found_with_their_place(said: dict[str, Any], assistant: Assistant) -> None:
    passages = said["search_passages"].structured_content["passages"]
    assert 1 <= len(passages) <= 3
    assert "60 mg" in passages[0]["text"]
    text = assistant.document(passages[0]["path"]).text
    assert "60 mg" in text[passages[0]["start"] : passages[0]["end"]]


def test_a_verified_text_is_told_what_is_wrong_with_it(said: dict[str, Any]) -> None:
    verified = said["verify_text"]
    assert verified.structured_content["backed"] is False
    assert verified.structured_content["sentences"][0]["status"] == "refused"
    assert "nearest: veltoral.da.md" in verified.content[0].text


def test_conflicts_and_documents_are_listed(said: dict[str, Any], assistant: Assistant) -> None:
    conflicts = said["list_conflicts"].structured_content
    assert conflicts["total"] == len(conflicts["conflicts"]) == 1
    assert "412 kvinder / 389 vrouwen" in said["list_conflicts"].content[0].text
    listed = [one["path"] for one in said["list_documents"].structured_content["documents"]]
    assert listed == [record.id for record in assistant.status().documents]


def test_a_document_is_read_to_its_end_in_parts(address: str, assistant: Assistant) -> None:
    text = assistant.document("veltoral.da.md").text

    async def read(client: Client) -> str:
        parts, start = "", 0
        while start is not None:
            came = await client.call_tool("read_document", {"path": "veltoral.da.md", "start": start, "most": 200})
            part = came.structured_content
            assert part["text"] == text[part["start"] : part["end"]]
            assert len(part["text"]) <= 200
            assert (part["next_start"] is None) == (part["end"] == len(text))
            parts, start = parts + part["text"], part["next_start"]
        return parts

    assert over_http(address, read) == text


def test_a_follow_up_leans_on_earlier_turns(address: str) -> None:
    history = [{"question": "Hvad er dosis af Veltoral?", "answer": "60 mg."}]

    async def asked(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "Og hvor ofte?", "history": history})

    answer = over_http(address, asked).structured_content
    assert not answer["abstained"]
    assert "60 mg" in answer["answer"]
    assert answer["language"] == "da"


@pytest.mark.parametrize(
    ("tool", "given", "message"),
    [
        ("ask", {"question": "x" * 3000}, "This question cannot be read: it is longer than 2000 characters."),
        ("ask", {"question": "Hvad?", "as_of": "soon"}, "write it as YYYY-MM-DD."),
        ("verify_text", {"text": " "}, "This cannot be verified: there is no text."),
        ("read_document", {"path": "../secret"}, "no such document is indexed"),
        ("read_document", {"path": "veltoral.nl.md", "start": 99_999}, "Read it from 0"),
    ],
)
def test_what_cannot_be_done_is_an_error_of_the_tool_in_one_line(
    address: str, tool: str, given: dict[str, Any], message: str
) -> None:
    async def called(client: Client) -> Any:
        return await client.call_tool(tool, given)

    reply = over_http(address, called)
    assert reply.is_error
    (block,) = reply.content
    assert message in block.text
    assert "\n" not in block.text
    assert "Error executing" not in block.text


def test_what_breaks_tells_nothing_of_the_inside(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("/srv/secret/path")

    monkeypatch.setattr(Assistant, "audit", broken)

    async def called(client: Client) -> Any:
        return await client.call_tool("list_conflicts", {})

    reply = over_http(address, called)
    assert reply.is_error
    assert "secret" not in reply.model_dump_json()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_stranger_sees_nothing_of_what_is_not_theirs(stranger_address: str, address: str, mode: str) -> None:
    async def looked(client: Client) -> str:
        replies = [
            await client.call_tool("ask", {"question": "Hoe wordt Ombrevan bewaard?"}),
            await client.call_tool("search_passages", {"query": "bewaard bij kwarbutemperatuur", "limit": 30}),
            await client.call_tool("read_document", {"path": "ombrevan.nl.md"}),
            await client.call_tool("list_documents", {}),
            await client.call_tool("list_conflicts", {}),
        ]
        assert replies[2].is_error == (not theirs)
        return "".join(reply.model_dump_json() for reply in replies)

    theirs = True
    assert "wordt bewaard bij kwarbu" in over_http(address, looked, mode)
    theirs = False
    assert "wordt bewaard bij kwarbu" not in over_http(stranger_address, looked, mode)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:7860"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 400),
        ({"Content-Type": "text/plain"}, 400),
    ],
)
def test_another_site_is_not_answered(address: str, headers: dict[str, str], status: int) -> None:
    assert httpx.post(f"{address}/mcp", json=INITIALIZE, headers={**HEADERS, **headers}).status_code == status


def test_it_is_the_door_itself_that_asks_for_the_host(assistant: Assistant) -> None:
    """A deployment may admit more hosts to its page; to the tools it admits its own public name alone."""
    from assistant.mcp.http import _allowed

    allowed = _allowed(assistant.settings.model_copy(update={"public_url": "https://ask.example.org/x"}))
    assert allowed.enable_dns_rebinding_protection
    assert "ask.example.org" in allowed.allowed_hosts
    assert "https://ask.example.org" in allowed.allowed_origins
    assert not any("*" in host.removesuffix(":*") for host in allowed.allowed_hosts)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_are_no_sessions_to_listen_to(address: str, method: str) -> None:
    reply = httpx.request(method, f"{address}/mcp", headers=HEADERS)
    assert (reply.status_code, reply.headers["allow"]) == (405, "POST")


def test_a_request_too_large_is_refused(address: str) -> None:
    assert httpx.post(f"{address}/mcp", content=b" " * 1_100_000, headers=HEADERS).status_code == 413


def test_standard_output_is_the_protocol_and_nothing_else(assistant: Assistant) -> None:
    asked = {"name": "ask", "arguments": {"question": "Hvor ofte gives Veltoral?"}}
    lines = [
        INITIALIZE,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": asked},
    ]
    process = subprocess.Popen(
        [sys.executable, *command(assistant)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment()},
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{json.dumps(line)}\n" for line in lines))
    process.stdin.flush()
    came = [json.loads(process.stdout.readline()) for _ in range(2)]
    rest, _ = process.communicate(timeout=60)  # which ends its input, and so the server
    assert rest == ""
    assert process.returncode == 0
    assert {one["id"] for one in came} == {1, 2}
    assert all(one["jsonrpc"] == "2.0" for one in came)


def test_without_an_index_the_tools_say_what_to_do(tmp_path: Path) -> None:
    from assistant import Settings

    async def called(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "Hvor ofte gives Veltoral?"})

    reply = over_stdio(Assistant(Settings(corpus=tmp_path, index=tmp_path / "index")), called)
    assert reply.is_error
    assert "assistant index" in reply.content[0].text


def test_the_logging_of_the_process_stays_as_it_is(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.mcp.server import mcp_server

    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    level = root.level
    mcp_server(lambda _: assistant)
    assert (root.handlers, root.level) == ([], level)


def test_an_answer_is_written_down_with_who_asked_and_by_which_door(assistant: Assistant, tmp_path: Path) -> None:
    from assistant.records.recorder import Recorder

    async def asked(client: Client) -> Any:
        return await client.call_tool("ask", {"question": "Hvor ofte gives Veltoral?"})

    settings = assistant.settings.model_copy(update={"records_folder": tmp_path})
    recorder = Recorder.open(Assistant(settings))
    with served(assistant, recorder) as address:
        answer = over_http(address, asked).structured_content
    (entry,) = recorder.log.entries(kind="ask")
    assert (entry.door, entry.who, entry.subject) == ("mcp", "local", answer["answer_id"])
    recorder.close()
