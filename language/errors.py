"""What can go wrong in `language`.

LanguageError                      language.failed
├── UnsayableValue                 language.unsayable   the value does not belong to what it was given for
├── UnknownPhoneme                 language.phoneme     the sound is not in `phonemes.PHONEMES`
├── MalformedTemplate              language.template    a template that cannot be read
└── SumError                       language.sum         a sum with no answer, in a sentence for the person
    └── UnfitMeasure               language.measure     units that do not go together

Words that mean nothing are no error: readers return None and finders an empty tuple.
"""

from __future__ import annotations


class LanguageError(Exception):
    """Root of the errors of this package."""

    code = "language.failed"


class UnsayableValue(LanguageError, ValueError):
    """A value that has no words here. Give a value of the right kind and range."""

    code = "language.unsayable"


class UnknownPhoneme(LanguageError, KeyError):
    """A sound that is not in the inventory. Split IPA with `phonemes.split_ipa` first."""

    code = "language.phoneme"

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else self.code


class MalformedTemplate(LanguageError, ValueError):
    """A template that cannot be read, or that does not fit its slots. The message names the place and the reason."""

    code = "language.template"


class SumError(LanguageError, ArithmeticError):
    """A sum that has no answer. The message is a sentence for whoever asked."""

    code = "language.sum"


class UnfitMeasure(SumError):
    """Units that do not go together. The message is a sentence for whoever asked."""

    code = "language.measure"
