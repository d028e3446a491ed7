"""What other programs make of a run's files: JUnit by a schema, Markdown by a renderer."""

import dataclasses
from pathlib import Path

import lxml.html
import pytest
from eval_cases import LEAVE, Scripted, about, answer, question_set, row
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from test_eval_outputs import HOSTILE, mixed

from eval.gate import Decision, GateReport, gate
from eval.junit import junit
from eval.markdown import markdown
from eval.recorded import recorded
from eval.regression import compare
from eval.runner import RunResult, run
from eval.spent import spent
from eval.stored import StoredRun

# The shape that Jenkins, GitLab and GitHub's reporters have in common, and nothing that one of them lacks.
JUNIT = etree.XMLSchema(
    etree.fromstring("""
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:complexType name="told"><xs:simpleContent><xs:extension base="xs:string">
    <xs:attribute name="message" type="xs:string" use="required"/>
    <xs:attribute name="type" type="xs:string"/>
  </xs:extension></xs:simpleContent></xs:complexType>
  <xs:complexType name="case">
    <xs:sequence>
      <xs:choice minOccurs="0">
        <xs:element name="skipped" type="told"/>
        <xs:element name="error" type="told"/>
        <xs:element name="failure" type="told"/>
      </xs:choice>
      <xs:element name="system-out" type="xs:string" minOccurs="0"/>
    </xs:sequence>
    <xs:attribute name="name" type="xs:string" use="required"/>
    <xs:attribute name="classname" type="xs:string" use="required"/>
    <xs:attribute name="time" type="xs:decimal"/>
  </xs:complexType>
  <xs:element name="testsuite">
    <xs:complexType>
      <xs:sequence><xs:element name="testcase" type="case" maxOccurs="unbounded"/></xs:sequence>
      <xs:attribute name="name" type="xs:string" use="required"/>
      <xs:attribute name="tests" type="xs:nonNegativeInteger" use="required"/>
      <xs:attribute name="failures" type="xs:nonNegativeInteger" use="required"/>
      <xs:attribute name="errors" type="xs:nonNegativeInteger" use="required"/>
      <xs:attribute name="skipped" type="xs:nonNegativeInteger"/>
    </xs:complexType>
    <xs:unique name="once"><xs:selector xpath="testcase"/>
      <xs:field xpath="@classname"/><xs:field xpath="@name"/></xs:unique>
  </xs:element>
</xs:schema>""")
)


def read(data: bytes) -> etree._Element:
    """A file as a strict reader takes it: UTF-8, no recovery, by the schema, counts that are true."""
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, recover=False, encoding="utf-8"))
    JUNIT.assertValid(root)
    assert int(root.get("tests", "-1")) == len(root)
    assert int(root.get("failures", "-1")) == len(root.findall("testcase/failure"))
    assert int(root.get("errors", "-1")) == len(root.findall("testcase/error"))
    return root


def both(result: RunResult) -> GateReport:
    """Decisions of all tiers: the run against itself."""
    record = recorded(result, about())
    return gate(result, None, result, compare(record, record, result.ks))


def test_junit_is_as_the_schema_says(tmp_path: Path) -> None:
    """Every item and decision is a case of its own; what failed says why."""
    result = mixed(tmp_path)
    report = both(result)
    root = read(junit(result, report))
    names = [case.get("name") for case in root]
    assert names == [i.question.id for i in result.items] + [d.rule for d in report.decisions]
    assert all(told.get("message") for told in root.iter("failure", "error"))


@given(st.text(max_size=60))
def test_junit_holds_any_text(said: str) -> None:
    """Whatever a set, an item or a reason is called, the file stays one that a strict reader takes."""
    report = GateReport((Decision(1, f"{said} on all", False, said), Decision(3, "changes", None, said)), 1)
    root = read(junit(RunResult(said, "0" * 64, (1,), ()), report))
    assert len(root.findall("testcase/failure")) == 1


def rendered(told: str) -> lxml.html.HtmlElement:
    """The summary as GitHub shows it: CommonMark with tables and raw HTML."""
    return lxml.html.fromstring(MarkdownIt("commonmark", {"html": True}).enable("table").render(told))


def test_markdown_renders_to_what_it_means(tmp_path: Path) -> None:
    """A heading, whole tables and lists of items: no tag is a document's, and its text is read as it is."""
    result = mixed(tmp_path)
    page = rendered(markdown(StoredRun(about(name=HOSTILE), result, spent(result)), both(result)))
    allowed = {
        "div",
        "h2",
        "h3",
        "p",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "br",
        "strong",
    }
    assert {element.tag for element in page.iter()} <= allowed
    decisions, measures = page.findall(".//table")
    for table in (decisions, measures):
        widths = {len(found.findall("*")) for found in table.iter("tr")}
        assert len(widths) == 1, "a cell of a document split a row"
    assert len(decisions.findall("tbody/tr")) == len(both(result).decisions)
    assert "<script>alert(1)</script> [x](javascript:1)" in page.text_content()
    items = [item for item in page.iter("li") if item.text and item.text.startswith("c (yes_no)")]
    assert len(items) == 1
    assert [piece.tag for piece in items[0]] == ["br", "br"]


@pytest.mark.parametrize(
    "said", ["# Head", "- item", "1. one", "> quote", "***", "    code", "+ plus", "=== x"]
)
def test_markdown_of_an_answer_makes_no_block(tmp_path: Path, said: str) -> None:
    """What begins a block at the start of a line stays text."""
    one = answer(LEAVE)
    wrong = dataclasses.replace(one, sentences=(dataclasses.replace(one.sentences[0], text=said),))
    questions = question_set(tmp_path, [row("a", split="dev", question=said)])
    result = run(questions, Scripted({said: wrong}))
    page = rendered(markdown(StoredRun(about(name=said), result, spent(result)), gate(result)))
    assert not page.xpath(".//h1|.//ol|.//blockquote|.//hr|.//pre|.//code|.//ul//ul")
    assert page.text_content().count(said.strip()) >= 3
