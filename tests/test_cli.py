"""The command line as people and programs use it: real processes, real files."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from warm import command

INSTALLED = str(Path(sys.executable).parent / "assistant")
LEAFLET = (
    "# Veltoral\n\nDen anbefalede dosis af Veltoral er 60 mg én gang hver 4. uge.\n\nVeltoral må ikke gives til børn.\n"
)


def run(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    return subprocess.run(
        [command(), *arguments], cwd=cwd, input=stdin, capture_output=True, text=True, encoding="utf-8", env=environment
    )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.md").write_text(LEAFLET, "utf-8")
    (folder / "corpus" / "bad.txt").write_bytes(b"\x00\x01\x02")
    done = run("index", cwd=folder)
    assert done.returncode == 1
    assert "bad.txt" in done.stdout
    assert "Indexed 1 documents" in done.stdout
    return folder


def test_indexing_again_says_there_is_nothing_to_do(house: Path) -> None:
    (house / "corpus" / "bad.txt").unlink(missing_ok=True)
    done = run("index", cwd=house)
    assert (done.returncode, done.stdout.startswith("Nothing to do")) == (0, True)


def test_a_new_default_model_makes_the_index_anew_and_a_chosen_one_does_not(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.md").write_text(LEAFLET, "utf-8")
    assert run("index", cwd=tmp_path).returncode == 0
    name = (tmp_path / "index" / "CURRENT").read_text("utf-8").strip()
    (file,) = (tmp_path / "index").rglob(f"{name}/library.sqlite*") if name else ()
    with sqlite3.connect(file) as library:
        library.execute("UPDATE record SET value = 'former-default@12345678' WHERE key = 'model'")
    library.close()
    file.with_name("SHA256").unlink()  # an index of before these were kept
    (tmp_path / "assistant.toml").write_text('embedding_model = "static-da-nl-en"\n', "utf-8")
    refused = run("index", cwd=tmp_path)
    assert refused.returncode == 2
    assert "--rebuild" in refused.stderr
    (tmp_path / "assistant.toml").unlink()
    done = run("index", cwd=tmp_path)
    assert done.returncode == 0
    assert "former-default@12345678" in done.stderr
    assert run("ask", "Hvor ofte gives Veltoral?", cwd=tmp_path).returncode == 0


def test_a_question_gets_its_answer_with_numbered_quotes_and_no_colour_codes(house: Path) -> None:
    done = run("ask", "Hvor ofte gives Veltoral?", cwd=house)
    assert done.returncode == 0
    assert "hver 4. uge. [1]" in done.stdout
    assert "a.md" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == ""


def test_no_answer_is_told_by_the_exit_status_too(house: Path) -> None:
    done = run("ask", "Hvad koster Bruxamin?", cwd=house)
    assert done.returncode == 1
    assert "Ingen af dokumenterne handler om »Bruxamin«" in done.stdout


def test_json_lines_are_answered_in_order_with_exact_spans(house: Path) -> None:
    questions = [
        {"id": "q1", "question": "Hvor ofte gives Veltoral?"},
        {"id": "q2", "question": "Og må børn få det?", "history": [["Hvad er dosis af Veltoral?", "60 mg"]]},
        {"id": 3, "question": "Wat kost Bruxamin?", "language": "nl"},
    ]
    lines = [
        *(json.dumps(q, ensure_ascii=False) for q in questions),
        "",
        "not json",
        '{"id": "q5"}',
        '{"id": 6, "question": "' + "a" * 3000 + '"}',
    ]
    done = run("ask", "--json", cwd=house, stdin="\n".join(lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["q1", "q2", 3, 5, "q5", 6]
    first = answers[0]
    keys = {"id", "answer", "abstained", "language", "statements", "citations", "conflicts", "confidence", "seconds"}
    assert keys <= set(first)
    text = (house / "corpus" / first["citations"][0]["path"]).read_bytes().decode("utf-8")
    for citation in first["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert "børn" in answers[1]["answer"]
    assert (answers[2]["abstained"], answers[2]["language"]) == (True, "nl")
    assert all("cannot be read" in answer["error"] for answer in answers[3:])
    assert done.returncode == 0


def test_json_with_another_corpus_builds_its_index_first(house: Path, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "b.txt").write_text("Bruxamin gives hver dag til voksne.\n", "utf-8")
    asked = json.dumps({"id": "1", "question": "Hvor ofte gives Bruxamin?"})
    done = run(
        "ask", "--json", "--corpus", str(tmp_path / "docs"), "--index", str(tmp_path / "i"), cwd=house, stdin=asked
    )
    assert "hver dag" in json.loads(done.stdout)["answer"]


def test_status_lists_what_is_indexed(house: Path) -> None:
    done = run("status", cwd=house)
    assert done.returncode == 0
    assert "a.md" in done.stdout
    assert "Model" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("status", "--index", "nowhere"), "assistant index"),
        (("ask", "Hvad?", "--index", "nowhere"), "assistant index"),
        (("index", "--corpus", "nowhere"), "--corpus"),
        (("ask",), "question"),
        (("serve", "--host", "0.0.0.0"), "127.0.0.1"),
        (("eval", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(house: Path, arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments, cwd=house)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_models_are_listed_with_size_vectors_and_prefixes(tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").write_text('embedding_passage_prefix = "text: "\n', "utf-8")
    done = run("models", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("In use")]
    assert re.search(r"\(packaged\), [1-9]\d+ dimensions, [1-9]\d*\.\d MB, on cpu$", line)
    assert "before a passage 'text: '" in done.stdout
    assert "Reranker   none" in done.stdout


def test_models_path_prints_a_folder_that_the_library_loads_and_nothing_else(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    done = run("models", "path", cwd=tmp_path)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)
    model = SentenceTransformer(done.stdout.strip(), device="cpu", local_files_only=True)
    listed = run("models", cwd=tmp_path).stdout
    assert f"{model.get_embedding_dimension()} dimensions" in listed
    assert done.stdout.strip() in listed


@pytest.mark.parametrize(
    ("toml", "arguments", "says"),
    [
        ("embedding_model = './nowhere'", ("models",), "no such folder"),
        ("embedding_model = './nowhere'", ("models", "path"), "no such folder"),
        ("embedding_model = 'nobody/no-such-model'", ("models", "path"), "downloads it"),
        ("reranker_model = './nowhere'", ("models",), "ASSISTANT_RERANKER_MODEL"),
        ("device = 'gpu'", ("models",), "device"),
    ],
)
def test_a_model_that_cannot_be_used_is_one_line_with_the_remedy(
    tmp_path: Path, toml: str, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "assistant.toml").write_text(toml, "utf-8")
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_broken_setting_is_named(house: Path, tmp_path: Path) -> None:
    (tmp_path / "assistant.toml").write_text("port = 'many'\n", "utf-8")
    done = run("status", cwd=tmp_path)
    assert done.returncode == 2
    assert "port" in done.stderr


def test_help_and_import_stay_light(house: Path) -> None:
    heavy = "{'torch', 'chromadb', 'gradio', 'sentence_transformers', 'llama_index'}"
    code = f"import sys, assistant, assistant.cli; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=house).returncode == 0
    done = subprocess.run([INSTALLED, "--help"], cwd=house, capture_output=True, text=True)
    assert all(name in done.stdout for name in ("index", "ask", "serve", "status", "fetch", "eval", "models"))


def dose(milligrams: int, **known: str) -> str:
    head = "".join(f"{key}: {value}\n" for key, value in {"title": "Ostravin", "language": "da", **known}.items())
    return f"---\n{head}---\n# Dosis\n\nDen anbefalede dosis af Ostravin er {milligrams} mg om dagen.\n"


@pytest.fixture(scope="module")
def two_doses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("two-doses")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "a.md").write_text(dose(20, valid_to="2023-12-31"), "utf-8")
    (folder / "corpus" / "b.md").write_text(dose(30, valid_from="2023-01-01"), "utf-8")
    assert run("index", cwd=folder).returncode == 0
    return folder


def test_as_of_chooses_what_was_in_force_and_says_what_has_lapsed(two_doses: Path) -> None:
    question = "Hvad er den anbefalede dosis af Ostravin?"
    early = run("ask", question, "--as-of", "2022-06-01", cwd=two_doses)
    assert early.stdout.startswith("Den anbefalede dosis af Ostravin er 20 mg om dagen. [1]")
    late = run("ask", question, "--as-of", "2024-06-01", cwd=two_doses)
    assert late.stdout.startswith("Den anbefalede dosis af Ostravin er 30 mg om dagen. [1]")
    assert "gjaldt til 31. december 2023" in late.stdout
    assert "i kraft, fra 1. januar 2023" in late.stdout
    wrong = run("ask", question, "--as-of", "1. juni 2024", cwd=two_doses)
    assert (wrong.returncode, "YYYY-MM-DD" in wrong.stderr) == (2, True)


def test_as_of_stands_in_a_line_of_json_and_wins_over_the_option(two_doses: Path) -> None:
    lines = "\n".join(
        json.dumps(
            {"id": day, "question": "Hvad er den anbefalede dosis af Ostravin?", **({"as_of": day} if day else {})}
        )
        for day in ("2022-06-01", "", "yesterday")
    )
    done = run("ask", "--json", "--as-of", "2024-06-01", cwd=two_doses, stdin=lines)
    early, late, wrong = [json.loads(line) for line in done.stdout.splitlines()]
    assert (early["as_of"], early["citations"][0]["path"], early["citations"][0]["status"]) == (
        "2022-06-01",
        "a.md",
        "in force",
    )
    assert (late["as_of"], late["citations"][0]["path"], late["citations"][0]["status"]) == (
        "2024-06-01",
        "b.md",
        "in force",
    )
    assert "YYYY-MM-DD" in wrong["error"]


def test_audit_lists_disagreements_as_text_and_json_and_its_status_says_whether_there_are_any(two_doses: Path) -> None:
    both_in_force = run("audit", "--as-of", "2023-06-01", "--language", "en", cwd=two_doses)
    assert both_in_force.returncode == 1
    assert "20 mg ≠ 30 mg" in both_in_force.stdout
    listed = run("audit", "--as-of", "2023-06-01", "--json", cwd=two_doses)
    (one,) = [json.loads(line) for line in listed.stdout.splitlines()]
    assert [side["value"] for side in one["sides"]] == ["20 mg", "30 mg"]
    later = run("audit", "--as-of", "2024-06-01", "--language", "nl", cwd=two_doses)
    assert (later.returncode, later.stdout.strip()) == (
        0,
        "Er zijn geen plaatsen gevonden waar de documenten elkaar tegenspreken.",
    )


def test_verify_says_what_is_backed_and_its_exit_status_tells_ci(house: Path) -> None:
    leaflet = str(house / "corpus" / "a.md")
    good, bad = "Den anbefalede dosis af Veltoral er 60 mg hver 4. uge.", "Veltoral må gives til børn."
    assert run("verify", good, cwd=house).returncode == 0  # against the index
    done = run("verify", "-", "--against", leaflet, cwd=house, stdin=f"{good} {bad}")
    assert done.returncode == 1
    assert "✓" in done.stdout
    assert "✗" in done.stdout
    assert "be- og afkræfter" in done.stdout
    assert run("verify", "", cwd=house).returncode == 2
    assert run("verify", good, "--against", "gone.txt", cwd=house).returncode == 2


def test_verify_prints_one_json_object(house: Path) -> None:
    done = run("verify", "Veltoral må ikke gives til børn.", "--json", cwd=house)
    found = json.loads(done.stdout)
    assert found["backed"] is True
    (citation,) = found["sentences"][0]["citations"]
    assert LEAFLET[citation["start"] : citation["end"]] == citation["quote"]
