from __future__ import annotations

from wire import limits
from wire.errors import ProtocolError, WireError
from wire.outcomes import CLOSE_BY_NUMBER, CLOSES, OUTCOMES, CloseCode, Outcome, Retry


def leaves(root: type[WireError]) -> set[type[WireError]]:
    below = root.__subclasses__()
    return {root} if not below else {leaf for kind in below for leaf in leaves(kind)}


def test_every_outcome_has_its_ending_and_every_close_code_its_closing() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(CLOSES) == set(CloseCode)


def test_close_numbers_are_distinct_and_lie_where_a_websocket_allows_them() -> None:
    assert len(CLOSE_BY_NUMBER) == len(CLOSES)
    assert all(number in (1000, 1001) or 4000 <= number <= 4999 for number in CLOSE_BY_NUMBER)


def test_every_sentence_is_one_that_fits_and_ends() -> None:
    for told in (*OUTCOMES.values(), *CLOSES.values()):
        assert 0 < len(told.sentence) <= limits.SENTENCE_CHARS and told.sentence.endswith(".")


def test_what_cannot_be_known_to_be_undone_is_never_tried_again() -> None:
    assert OUTCOMES[Outcome.UNKNOWN].retry is Retry.NEVER


def test_every_protocol_error_closes_with_its_own_code_and_each_leaf_has_one() -> None:
    protocol = leaves(ProtocolError)
    assert len({kind.code for kind in leaves(WireError)}) == len(leaves(WireError))
    assert all(kind.code == kind.close.value for kind in protocol if issubclass(kind, ProtocolError))
