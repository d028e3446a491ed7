"""A run as JUnit XML: one case an item and one a decision. Only tiers 0 to 2 are failures.

What XML cannot hold, such as control characters and lone surrogates, is replaced; the rest is escaped.
"""

import re
from xml.etree import ElementTree as XML

from eval.gate import GateReport, breaks_invariant
from eval.reports import misses
from eval.runner import RunResult

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\ufffe\uffff]")


def junit(result: RunResult, report: GateReport) -> bytes:
    """The whole file, UTF-8."""
    wrong = {miss.question.id: miss for miss in misses(result)}
    cases = []
    for item in result.items:
        case = _case(item.question.id, f"{result.name}.{item.question.category}")
        miss = wrong.get(item.question.id)
        if breaks_invariant(item) and miss:
            _told(case, "failure", miss.what, miss.answer)
        elif miss:
            XML.SubElement(case, "system-out").text = _legal(f"{miss.what}\n{miss.answer}")
        cases.append(case)
    for decision in report.decisions:
        case = _case(decision.rule, f"{result.name}.tier{decision.tier}")
        if decision.passed is False and decision.tier < 3:
            _told(case, "failure", decision.reason, "")
        elif decision.passed is None:
            XML.SubElement(case, "system-out").text = _legal(decision.reason)
        cases.append(case)
    failures = sum(case.find("failure") is not None for case in cases)
    suite = XML.Element(
        "testsuite",
        {"name": _legal(result.name), "tests": str(len(cases)), "failures": str(failures), "errors": "0"},
    )
    suite.extend(cases)
    return bytes(XML.tostring(suite, encoding="utf-8", xml_declaration=True))


def _case(name: str, group: str) -> XML.Element:
    return XML.Element("testcase", {"name": _legal(name), "classname": _legal(group)})


def _told(case: XML.Element, kind: str, message: str, text: str) -> None:
    told = XML.SubElement(case, kind, {"message": _legal(message)})
    told.text = _legal(text)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
