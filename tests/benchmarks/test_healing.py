"""The pure parts of the healing benchmark: the key's rule, drawn redesigns, re-implemented scores, the tally."""

from __future__ import annotations

import random
import string

import msgspec
import pytest

from benchmarks.healing.cases import Case
from benchmarks.healing.contestants import Answer
from benchmarks.healing.edits import distance
from benchmarks.healing.families import half_of
from benchmarks.healing.healenium import common
from benchmarks.healing.keying import Frozen
from benchmarks.healing.mutations import another, fold, gone_plan, present_plan, sole, stands_in
from benchmarks.healing.peers.running import drawn
from benchmarks.healing.progress import Progress
from benchmarks.healing.tally import curve, rates
from benchmarks.healing.truth import Known, leads_to, same_elements
from language.similarity import levenshtein


def link(path: str, name: str, href: str = "", section: str = "nav") -> Known:
    return Known(path=path, role="link", name=name, href=href, section=section)


def case(name: str, *truth: str) -> Case:
    page = Frozen("p", "p")
    return Case(
        id=name, family="f", source="release", detail="", before=page, after=page, sought="1", locator="", truth=truth
    )


def test_a_family_stays_in_its_half() -> None:
    assert {name: half_of(name) for name in ("admin-lte", "gentelella")} == {"admin-lte": "dev", "gentelella": "test"}


def test_an_element_is_the_same_when_name_and_key_agree() -> None:
    (same,) = same_elements([link("1", "Charts", "charts.html")], [link("7", "charts", "../pages/charts.html")])
    assert (same.before.path, same.after.path, same.method) == ("1", "7", "both")


def test_nothing_is_claimed_when_name_and_key_disagree() -> None:
    before = [link("1", "Charts", "charts.html")]
    assert same_elements(before, [link("2", "Charts", "tables.html"), link("3", "Graphs", "charts.html")]) == ()


def test_nothing_is_claimed_of_what_stands_twice() -> None:
    assert same_elements([link("1", "More"), link("2", "More")], [link("3", "More")]) == ()


def test_a_name_alone_counts_in_the_same_section_only() -> None:
    before = [link("1", "Help", section="nav")]
    assert [same.method for same in same_elements(before, [link("2", "Help", section="nav")])] == ["name"]
    assert same_elements(before, [link("2", "Help", section="footer")]) == ()


def test_a_renamed_element_is_told_by_its_key() -> None:
    (same,) = same_elements([link("1", "Kanban Board", "kanban.html")], [link("2", "Board", "kanban.html")])
    assert same.method == "key"


def test_a_link_is_told_by_the_page_it_leads_to() -> None:
    assert leads_to("../pages/charts.html") == leads_to("charts.html") == "charts"
    assert leads_to("#") == "" and leads_to("https://www.example.org/a/") == "example.org/a"


def test_a_redesign_is_the_same_for_the_same_seed() -> None:
    knowns = [link(str(number), name) for number, name in enumerate(("Login", "Search", "Cancel", "Charts"))]
    assert present_plan("a", knowns, 3) == present_plan("a", knowns, 3) != present_plan("b", knowns, 3)


def test_only_what_has_no_double_is_taken_away() -> None:
    knowns = [
        link("1", "Home", "a.html"),
        link("2", "Main", "a.html"),
        link("3", "More"),
        link("4", "More 2"),
        link("5", "Help"),
    ]
    assert [known.name for known in knowns if sole(known, knowns)] == ["Help"]
    assert {target.path for target in gone_plan("s", knowns, knowns, 4).targets} == {"5"}


def test_what_is_meant_is_not_gone_where_another_of_its_name_comes_into_view() -> None:
    left = [Known(path="/9", role="link", name="Search"), Known(path="/10", role="link", name="Help")]
    assert stands_in("search", left)
    assert not stands_in("Save", left)


def test_a_decoy_never_means_the_same() -> None:
    knowns = [link("1", "Login"), link("2", "Sign in"), link("3", "Login now"), link("4", "Charts")]
    chance = random.Random(1)
    assert {another(chance, knowns[0], knowns) for _ in range(20)} == {knowns[3]}


def test_counters_do_not_make_a_name() -> None:
    assert fold("Inbox (12)") == fold("inbox 3") == "inbox"


def test_bit_vectors_count_the_edits_that_the_table_counts() -> None:
    chance = random.Random(5)
    for _ in range(300):
        one, other = ("".join(chance.choices(string.ascii_lowercase[:4], k=chance.randrange(0, 70))) for _ in range(2))
        assert distance(one, other) == levenshtein(one, other)


def test_the_longest_common_path_is_found() -> None:
    assert common(("html", "body", "div", "a"), ("html", "body", "main", "div", "p", "a")) == 4


def test_a_part_of_the_element_is_the_element_and_what_is_gone_is_never_right() -> None:
    present, gone = case("a", "0.1", "0.9"), case("b")
    assert present.right("0.1") and present.right("0.1.2") and present.right("0.9")
    assert not present.right("0.12") and not present.right("0") and not gone.right("0.1")


def test_a_refusal_is_neither_right_nor_wrong_but_counts() -> None:
    cases = [case("a", "1"), case("b", "1"), case("c", "1"), case("d"), case("e")]
    answers = {
        "a": Answer("1", "1", 0.9),
        "b": Answer("2", "2", 0.8),
        "c": Answer("", "1", 0.2),
        "d": Answer("3", "3", 0.5),
    }
    found = rates(cases, answers)
    assert (found.correct, found.refused, found.wrong, found.wrong_when_gone) == (1 / 3, 1 / 3, 1 / 3, 0.5)
    assert curve(cases, answers) == [(0.2, 1.0), (0.4, 0.5), (0.6, 1 / 3), (0.8, 0.5)]


def test_who_runs_out_of_time_was_asked_about_every_family() -> None:
    pages = [(family, f"{family}{number}") for family, most in (("a", 6), ("b", 1), ("c", 3)) for number in range(most)]
    cases = [
        msgspec.structs.replace(case(f"{page} {number}"), family=family, before=Frozen(page, page))
        for family, page in pages
        for number in range(3)
    ]
    order = drawn(cases)
    assert {one.family for one in order[:9]} == {"a", "b", "c"}
    assert len({one.before.id for one in order[:9]}) == 3 and sorted(one.id for one in order) == sorted(
        one.id for one in cases
    )


def test_the_beginning_and_the_end_of_a_part_are_always_told(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress()
    for number in range(1, 51):
        progress("pages", number, 50)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("pages: 1 of 50") and lines[-1].endswith("pages: 50 of 50")
