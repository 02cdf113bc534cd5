"""One-time codes are those of RFC 6238, whatever form the seed came in."""

from __future__ import annotations

import base64

import pytest

from cloud.errors import SecretUnfit
from cloud.people.onetime import Seed, seed_of

# RFC 6238, appendix B: time, code, algorithm.
TABLE = [
    (59, "94287082", "SHA1"),
    (59, "46119246", "SHA256"),
    (59, "90693936", "SHA512"),
    (1111111109, "07081804", "SHA1"),
    (1111111109, "68084774", "SHA256"),
    (1111111109, "25091201", "SHA512"),
    (20000000000, "65353130", "SHA1"),
    (20000000000, "77737706", "SHA256"),
    (20000000000, "47863826", "SHA512"),
]
LENGTHS = {"SHA1": 20, "SHA256": 32, "SHA512": 64}


@pytest.mark.parametrize(("now", "code", "algorithm"), TABLE)
def test_codes_are_those_of_the_standard(now: int, code: str, algorithm: str) -> None:
    raw = (b"1234567890" * 7)[: LENGTHS[algorithm]]
    text = base64.b32encode(raw).decode()
    seed = seed_of(f"otpauth://totp/Shop:ada?secret={text}&algorithm={algorithm}&digits=8&issuer=Shop")
    assert seed.code(seed.window(now)) == code


def test_a_seed_may_be_grouped_short_and_in_small_letters() -> None:
    assert seed_of("jbsw y3dp ehpk-3pxp") == Seed(secret="JBSWY3DPEHPK3PXP")
    assert seed_of("JBSWY3DPEHPK3PXP").code(0) == "282760"


def test_the_time_left_is_until_the_next_window() -> None:
    seed = Seed(secret="JBSWY3DPEHPK3PXP")
    assert (seed.window(59.0), seed.left_s(59.0), seed.left_s(60.0)) == (1, 1.0, 30.0)


@pytest.mark.parametrize(
    "wrong",
    [
        "correct horse",
        "JBSWY3DP",
        "otpauth://hotp/x?secret=JBSWY3DPEHPK3PXP&counter=1",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&algorithm=MD5",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=five",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&digits=4",
        "otpauth://totp/x?secret=JBSWY3DPEHPK3PXP&period=0",
        "otpauth://totp/x",
    ],
)
def test_what_is_no_seed_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(SecretUnfit) as refused:
        seed_of(wrong)
    assert "JBSWY3DP" not in str(refused.value) and "horse" not in str(refused.value)
