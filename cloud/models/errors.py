"""What can go wrong with models.

ModelsError
├── ModelUnreachable   the endpoint did not answer in time, or refused; the embedded models go on
└── ModelAnswerUnfit   it answered what cannot be used
"""

from __future__ import annotations


class ModelsError(Exception):
    """Root of the errors of this room."""

    code = "models"


class ModelUnreachable(ModelsError, ConnectionError):
    """The endpoint did not answer in time, or refused."""

    code = "model_unreachable"


class ModelAnswerUnfit(ModelsError, ValueError):
    """It answered what cannot be used."""

    code = "model_answer_unfit"
