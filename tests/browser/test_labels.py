"""What stands on controls, across languages."""

from __future__ import annotations

import pytest

from browser.labels import mean_the_same


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Password", "Contraseña"),
        ("Search", "Rechercher"),
        ("Sign in", "Anmelden"),
        ("Save changes", "Opslaan"),
        ("Clients", "Customers"),
        ("Pricing", "Plans"),
        ("E-Mail", "Correo electrónico"),
    ],
)
def test_a_label_means_the_same_in_other_words_and_in_another_language(one: str, other: str) -> None:
    assert mean_the_same(one, other)
    assert mean_the_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Save", "Cancel"), ("Save", "Löschen"), ("Next", "Previous"), ("", ""), ("Pricing", "Preview")]
)
def test_labels_of_another_meaning_do_not(one: str, other: str) -> None:
    assert not mean_the_same(one, other)
