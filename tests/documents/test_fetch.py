"""An original takes its digest's place only when it has come whole and reads well; else nothing changes."""

import gzip
import hashlib
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fpdf import FPDF

from assistant.documents.apart import Apart
from assistant.documents.fetch import DIGESTS, FetchResult, fetch, read_sources
from assistant.documents.read import corpus_files, read_document
from assistant.errors import DocumentError

DIGEST = "---\ntitle: Sammendrag\naccess: [apotek]\n---\nVeltoral gives hver måned (sammendrag).\n"


def made_pdf(text: str) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.multi_cell(0, 8, text)
    return bytes(pdf.output())


ORIGINAL = made_pdf("Veltoral gives som indsprøjtning én gang om måneden.")
MANY_PAGES = made_pdf("Veltoral gives som indsprøjtning én gang om måneden.\n" * 9_000)
ERROR_PAGE = b"<html><body><h1>Vi kan ikke finde siden</h1></body></html>"


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/cut.pdf":
            self._send(200, ORIGINAL[:200], length=len(ORIGINAL))
        elif self.path == "/half.pdf":
            self._send(200, ORIGINAL[:200])
        elif self.path == "/error.pdf":
            self._send(200, ERROR_PAGE)
        elif self.path == "/large.pdf":
            self._send(200, b"x" * 3_000_000)
        elif self.path == "/bomb.pdf":
            self._send(200, gzip.compress(b"x" * 50_000_000), **{"Content-Encoding": "gzip"})
        elif self.path == "/moved.pdf":
            self._send(302, b"", Location="/good.pdf")
        elif self.path == "/away.pdf":
            self._send(302, b"", Location="http://192.0.2.1/good.pdf")
        elif self.path == "/ring.pdf":
            self._send(302, b"", Location="/ring.pdf")
        elif self.path == "/many.pdf":
            self._send(200, MANY_PAGES)
        elif self.path == "/good.pdf":
            self._send(200, ORIGINAL)
        else:
            self._send(404, ERROR_PAGE)

    def _send(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "veltoral.da.md").write_text(DIGEST)
    return folder


def entry(url: str, file: str = "veltoral.da.pdf", more: str = "") -> str:
    return f'[[source]]\nfile = "{file}"\nurl = "{url}"\nreplaces = "veltoral.da.md"\n{more}\n'


def fetched(corpus: Path, *entries: str, **more: float) -> list[FetchResult]:
    (corpus / "sources.toml").write_text("\n".join(entries))
    return fetch(corpus, **more)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "sources.toml"
    }


def test_an_original_takes_its_digests_place(server: str, corpus: Path) -> None:
    more = (
        'title = "Veltoral: oversigt"\npublisher = "Agenturet"\nreference = "1.10"\nlanguage = "da"\ndate = 2025-07-18'
    )
    [result] = fetched(corpus, entry(f"{server}/good.pdf", more=more))
    assert result.error is None
    assert (result.replaced, result.changed) == ("veltoral.da.md", True)
    assert [path.name for path in corpus_files(corpus)] == ["veltoral.da.pdf"]
    assert (corpus / DIGESTS / "veltoral.da.md").read_text() == DIGEST
    assert (corpus / "veltoral.da.pdf").read_bytes() == ORIGINAL
    metadata = read_document(corpus / "veltoral.da.pdf", corpus).metadata
    assert (metadata.title, metadata.publisher, metadata.reference) == ("Veltoral: oversigt", "Agenturet", "1.10")
    assert (metadata.language, metadata.date, metadata.url) == ("da", "2025-07-18", f"{server}/good.pdf")


def test_who_may_not_read_the_digest_may_not_read_the_original(server: str, corpus: Path) -> None:
    fetched(corpus, entry(f"{server}/good.pdf"))
    assert read_document(corpus / "veltoral.da.pdf", corpus).metadata.access == ("apotek",)
    fetched(corpus, entry(f"{server}/good.pdf"))
    assert read_document(corpus / "veltoral.da.pdf", corpus).metadata.access == ("apotek",)
    fetched(corpus, entry(f"{server}/good.pdf", more='access = ["læger"]'))
    assert read_document(corpus / "veltoral.da.pdf", corpus).metadata.access == ("læger",)


def test_fetching_again_changes_nothing_and_loses_no_digest(server: str, corpus: Path) -> None:
    fetched(corpus, entry(f"{server}/good.pdf"))
    before = contents(corpus)
    [result] = fetched(corpus, entry(f"{server}/good.pdf"))
    assert (result.error, result.replaced, result.changed) == (None, "", False)
    assert contents(corpus) == before
    (corpus / "veltoral.da.md").write_text(DIGEST + "Ny linje.\n")
    fetched(corpus, entry(f"{server}/good.pdf"))
    assert {path.read_text() for path in (corpus / DIGESTS).iterdir()} == {DIGEST, DIGEST + "Ny linje.\n"}


@pytest.mark.parametrize(
    ("place", "more", "says"),
    [
        ("/missing.pdf", "", "404"),
        ("/cut.pdf", "", "closed"),
        ("/half.pdf", "", "not the document: it is no readable PDF"),
        ("/error.pdf", "", "not the document: it is no readable PDF"),
        ("/large.pdf", "", "larger than 2 MB"),
        ("/bomb.pdf", "", "larger than 2 MB"),
        ("/good.pdf", f'sha256 = "{"0" * 64}"', "SHA-256"),
        ("/away.pdf", "", "http://192.0.2.1 is not https"),
        ("/ring.pdf", "", "redirect"),
    ],
)
def test_what_fails_leaves_everything_as_it_was(server: str, corpus: Path, place: str, more: str, says: str) -> None:
    (corpus / "veltoral.da.pdf").write_bytes(made_pdf("En ældre udgave."))
    before = contents(corpus)
    failed, good = fetched(
        corpus, entry(server + place, more=more), entry(f"{server}/good.pdf", "andet.pdf").replace("replaces", "#"),
        max_file_mb=2,
    )  # fmt: skip
    assert says in str(failed.error)
    assert "veltoral.da.pdf was not fetched" in str(failed.error)
    assert "\n" not in str(failed.error)
    assert good.error is None
    after = contents(corpus)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"andet.pdf", "andet.pdf.meta.yaml"}


@pytest.mark.parametrize(
    ("bounds", "says"),
    [((0.05, 2000), "more than 0.05 s"), ((60, 8), "was not fetched")],  # short of memory, PDFium may give up first
)
def test_what_takes_too_long_or_too_much_to_read_is_refused(
    server: str, corpus: Path, bounds: tuple[float, int], says: str
) -> None:
    before = contents(corpus)
    (corpus / "sources.toml").write_text(entry(f"{server}/many.pdf"))
    [result] = fetch(corpus, read=Apart(seconds=bounds[0], memory_mb=bounds[1]).read)
    assert says in str(result.error)
    assert contents(corpus) == before


def test_no_server_no_loss(corpus: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        before = contents(corpus)
        [result] = fetched(corpus, entry(f"http://127.0.0.1:{taken.getsockname()[1]}/good.pdf"))
    assert "refused" in str(result.error).lower() or "failed" in str(result.error).lower()
    assert contents(corpus) == before


@pytest.mark.parametrize(
    "url", ["http://192.0.2.1/a.pdf", "ftp://192.0.2.1/a.pdf", "file:///etc/passwd", "nonsense", "http://["]
)
def test_only_https_or_this_machine_is_asked(corpus: Path, url: str) -> None:
    [result] = fetched(corpus, entry(url))
    assert result.error is not None
    assert list(contents(corpus)) == ["veltoral.da.md"]


def test_the_right_hash_is_taken_and_a_redirect_followed(server: str, corpus: Path) -> None:
    right = hashlib.sha256(ORIGINAL).hexdigest().upper()
    told: list[tuple[int, int, str]] = []
    (corpus / "sources.toml").write_text(entry(f"{server}/moved.pdf", more=f'sha256 = "{right}"'))
    [result] = fetch(corpus, on_progress=lambda *what: told.append(what))
    assert result.error is None
    assert told == [(0, 1, "veltoral.da.pdf"), (1, 1, "")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[source]", "not TOML"),
        ("source = 3", "no [[source]] entries"),
        ('[[source]]\nfile = "a.pdf"', "'file' or 'url' is missing"),
        (entry("https://x/a", "../a.pdf"), "'file' is '../a.pdf'"),
        (entry("https://x/a", "/etc/a.pdf"), "'file' is '/etc/a.pdf'"),
        (entry("https://x/a", ".a.pdf"), "'file' is '.a.pdf'"),
        (entry("https://x/a", "a.exe"), "'file' is 'a.exe'"),
        (entry("https://x/a").replace("veltoral.da.md", "sub/../../x.md"), "'replaces' is"),
        (entry("https://x/a") * 2, "two entries"),
        (entry("https://x/a", "veltoral.da.md"), "the same"),
        (entry("https://x/a", more='sha256 = "abc"'), "'sha256'"),
        (entry("https://x/a", more='titel = "x"'), "unknown key 'titel'"),
        (entry("https://x/a", more='language = "xx"'), "'language' is 'xx'"),
        (entry("https://x/a", more="file2 = 3"), "unknown key 'file2'"),
    ],
)  # fmt: skip
def test_a_list_that_is_not_as_specified_is_refused_whole(corpus: Path, text: str, says: str) -> None:
    (corpus / "sources.toml").write_text(text)
    with pytest.raises(DocumentError) as caught:
        fetch(corpus)
    assert says in str(caught.value)


def test_a_missing_list_is_said(corpus: Path) -> None:
    with pytest.raises(DocumentError, match=r"sources\.toml"):
        fetch(corpus)


def test_the_projects_own_list_is_well_formed() -> None:
    corpus = Path(__file__).parents[2] / "corpus"
    for source in read_sources(corpus / "sources.toml"):
        assert source.url.startswith("https://")
        assert (corpus / source.replaces).is_file() or (corpus / source.file).is_file()
