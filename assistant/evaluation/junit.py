"""Reports as JUnit XML, which every CI system shows: a suite a set, a case a question, and one for the gate."""

from collections.abc import Sequence
from xml.etree import ElementTree as xml

from assistant.evaluation.metrics import Outcome
from assistant.evaluation.report import Report


def junit(ran: Sequence[tuple[Report, Sequence[str]]]) -> str:
    """The XML document.

    Args:
        ran: each report with the lines for which its gate fails. A question that failed is told as skipped, with what
            was wrong: what fails a build is the gate.
    """
    root = xml.Element("testsuites")
    for report, failures in ran:
        name = report.question_set.path.stem
        failed = {outcome.question.id: faults for outcome, faults in report.failed()}
        suite = xml.SubElement(
            root,
            "testsuite",
            name=_plain(name),
            tests=str(len(report.outcomes) + 1),
            failures=str(int(bool(failures))),
            skipped=str(len(failed)),
            errors="0",
            time=f"{sum(outcome.answer.seconds for outcome in report.outcomes):.3f}",
        )
        if report.judged:
            told = xml.SubElement(xml.SubElement(suite, "properties"), "property", name="opinion (not in the gate)")
            told.set("value", _plain(report.judged.lines()[0]))
        gate = xml.SubElement(suite, "testcase", classname=_plain(f"evals.{name}"), name="gate", time="0")
        if failures:
            told = xml.SubElement(gate, "failure", message=_plain(failures[0]))
            told.text = _plain("\n".join(failures))
        for outcome in report.outcomes:
            question = outcome.question
            case = xml.SubElement(
                suite,
                "testcase",
                classname=_plain(f"evals.{name}.{question.kind}"),
                name=_plain(f"{question.id}: {question.question}"),
                time=f"{outcome.answer.seconds:.3f}",
            )
            if question.id in failed:
                xml.SubElement(case, "skipped", message=_plain("; ".join(failed[question.id])))
                xml.SubElement(case, "system-out").text = _plain(_told(outcome))
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def _told(outcome: Outcome) -> str:
    question, answer = outcome.question, outcome.answer
    expected = [" or ".join(question.as_written(one) for one in group) for group in question.facts]
    lines = [f"answer: {answer.text}", f"expected: {'to abstain' if question.abstain else '; '.join(expected)}"]
    lines += [f"expected evidence: {one.document}: {one.quote}" for one in question.evidence]
    return "\n".join([*lines, *(f"given evidence: {one.document_id}: {one.reading}" for one in answer.citations)])


def _plain(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and not 0xD800 <= ord(c) <= 0xDFFF and c not in "\ufffe\uffff")
    )
