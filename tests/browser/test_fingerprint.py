"""Elements remembered: what still counts as the same, and what must not."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from browser.fingerprint import Fingerprint, similarity, text_similarity, without_numbers

texts = st.text(alphabet="abcdefg XYZ019.", max_size=30)
fingerprints = st.builds(
    Fingerprint,
    role=st.sampled_from(["", "button", "link", "textbox"]),
    name=texts,
    label=texts,
    text=texts,
    tag=st.sampled_from(["a", "button", "input"]),
    attributes=st.dictionaries(st.sampled_from(["id", "name", "type", "href", "title"]), texts, max_size=4),
    neighbours=st.lists(texts, max_size=4).map(tuple),
    box=st.none() | st.tuples(*[st.floats(0, 2000) for _ in range(4)]),
    frame=st.lists(st.sampled_from(["name=pay", "url=https://x/"]), max_size=2).map(tuple),
)

ORDER = Fingerprint(
    role="button",
    name="Preview order",
    text="Preview order",
    tag="button",
    attributes={"id": "next", "type": "submit"},
    neighbours=("Total 14.50", "Your cart", "Delivery address"),
    box=(300, 620, 140, 40),
)


def changed(fingerprint: Fingerprint, **fields: object) -> Fingerprint:
    return msgspec.structs.replace(fingerprint, **fields)


@given(fingerprints, fingerprints)
def test_similarity_is_a_fraction_and_does_not_depend_on_the_order(one: Fingerprint, other: Fingerprint) -> None:
    assert 0 <= similarity(one, other) <= 1 + 1e-9
    assert abs(similarity(one, other) - similarity(other, one)) < 1e-9


@given(fingerprints)
def test_an_element_with_anything_to_it_is_wholly_like_itself(fingerprint: Fingerprint) -> None:
    assert abs(similarity(fingerprint, fingerprint) - 1) < 1e-9


def test_a_counter_or_a_price_in_the_name_changes_nothing() -> None:
    inbox = Fingerprint(role="link", name="Inbox (3)", text="Inbox (3)", tag="a")
    assert similarity(inbox, changed(inbox, name="Inbox (12)", text="Inbox (12)")) == 1
    assert without_numbers("Pay 14.50") == without_numbers("Pay 9.00")


def test_a_name_that_is_only_a_number_is_not_any_number() -> None:
    seven = Fingerprint(role="button", name="19:00", text="19:00", tag="button")
    assert similarity(seven, changed(seven, name="18:30", text="18:30")) < 0.75


def test_a_button_that_moved_is_the_same() -> None:
    assert similarity(ORDER, changed(ORDER, box=(20, 1400, 140, 40))) > 0.9


def test_a_button_that_was_reworded_is_nearly_the_same() -> None:
    assert similarity(ORDER, changed(ORDER, name="Preview your order", text="Preview your order")) > 0.8


def test_another_button_in_the_same_place_with_the_same_id_is_not_the_same() -> None:
    purchase = changed(ORDER, name="Confirm purchase", text="Confirm purchase")
    assert similarity(ORDER, purchase) < 0.7


def test_a_link_of_the_same_name_elsewhere_is_less_alike_than_the_moved_button() -> None:
    link = Fingerprint(role="link", name="Preview order", text="Preview order", tag="a", box=(0, 0, 90, 20))
    assert similarity(ORDER, link) < similarity(ORDER, changed(ORDER, box=(20, 1400, 140, 40)))


def test_what_is_remembered_only_by_its_beginning_may_go_on_in_any_way() -> None:
    begun, other = (Fingerprint(role="option", name=name, tag="li") for name in ("Airport…", "Airport Road"))
    assert similarity(begun, Fingerprint(role="option", name="AirportRunway Road 1", tag="li")) == 1.0
    assert similarity(other, Fingerprint(role="option", name="AirportRunway Road 1", tag="li")) < 1.0


@given(texts, texts)
def test_text_similarity_is_a_symmetric_fraction(one: str, other: str) -> None:
    assert text_similarity(one, other) == text_similarity(other, one)
    assert 0 <= text_similarity(one, other) <= 1


def test_a_fingerprint_survives_json_and_leaves_out_what_is_empty() -> None:
    encoded = msgspec.json.encode(Fingerprint(role="button", name="Go"))
    assert encoded == b'{"role":"button","name":"Go"}'
    assert msgspec.json.decode(encoded, type=Fingerprint) == Fingerprint(role="button", name="Go")


def test_of_what_another_tool_tells_only_that_counts_which_it_tells() -> None:
    known = Fingerprint(label="Preview order", attributes={"id": "next"}, partial=True)
    assert similarity(known, ORDER) == 1.0
    assert similarity(changed(known, role="link"), ORDER) < 1.0
    assert similarity(changed(known, label="Cancel"), ORDER) < 0.6
    assert similarity(Fingerprint(partial=True), ORDER) == 1.0


def test_a_part_of_its_words_is_enough_where_only_a_part_is_known() -> None:
    known = Fingerprint(role="link", name="Choose", partial=True)
    assert similarity(known, Fingerprint(role="link", name="Choose Quattro Formaggi", tag="a")) == 1.0
    assert similarity(known, Fingerprint(role="link", name="Chooser of pizzas", tag="a")) < 0.6
