"""What can go wrong with a skill, one leaf a decision that a caller makes.

TeachError
├── SkillError               the skill file cannot be used as it is
│   ├── SkillUnreadable        not JSON, or a value of the wrong type
│   ├── SkillUnknownField      a field that format 1 does not have
│   ├── SkillFormatUnknown     another format than 1
│   ├── SkillContradictory     readable, but it does not hold together
│   └── SkillOriginRefused     it would go where it may not
├── TemplateError            a template is malformed, or asks for what is not there
├── ValueRefused             a parameter is missing, or its value does not fit
├── SecretRefused            a secret may not be typed there, or there is none; replay makes it a StepRefused
├── DemonstrationEmpty       nothing was shown of which a skill can be made
├── ImportRefused            a file of another tool cannot become a skill; says where and why
├── ExportRefused            a skill cannot become a file of another tool
├── ShareRefused             a skill cannot be handed on as it is: something in it is its person's own
├── SharedRefused            a shared file is not taken: it was changed, or it does more than it says
├── EditRefused              the skill would not hold together with it, or there is no such thing to edit
├── LessonRefused            a lesson cannot do this now; its message says what to do first
└── ReplayError              a step could not be done; the page is as it was left
    ├── StepLost               its element was not found, or not for sure
    │   └── StepObstructed       something else stands where it should be: a login, a captcha, a notice
    ├── StepNotTrue            what must be true before or after it is not
    ├── StepRefused            the Gate or the vault said no
    ├── StepFailed             the browser could not do it
    └── ReplayCut              the deadline passed
"""

from __future__ import annotations

from typing import Any, Literal


class TeachError(Exception):
    """Root of this package's errors; `code` is stable and may go over the wire."""

    code = "teach_error"


class SkillError(TeachError, ValueError):
    """The skill file cannot be used as it is."""

    code = "skill_error"


class SkillUnreadable(SkillError):
    """Not JSON, or a value of the wrong type."""

    code = "skill_unreadable"


class SkillUnknownField(SkillError):
    """A field that format 1 does not have."""

    code = "skill_unknown_field"


class SkillFormatUnknown(SkillError):
    """Another format than 1."""

    code = "skill_format_unknown"


class SkillContradictory(SkillError):
    """Readable, but it does not hold together."""

    code = "skill_contradictory"


class SkillOriginRefused(SkillError):
    """It would go where it may not."""

    code = "skill_origin_refused"


class TemplateError(TeachError, ValueError):
    """A template is malformed, or asks for what is not there."""

    code = "template_error"


class ValueRefused(TeachError, ValueError):
    """A parameter is missing, or its value does not fit."""

    code = "value_refused"


class SecretRefused(TeachError):
    """What a `Secrets` raises when it does not type. `rule` decided; `sentence` is for the person."""

    code = "secret_refused"

    def __init__(self, sentence: str, *, rule: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.rule = rule


class DemonstrationEmpty(TeachError, ValueError):
    """Nothing was shown of which a skill can be made."""

    code = "demonstration_empty"


class ImportRefused(TeachError, ValueError):
    """A file of another tool cannot become a skill. `line` is where, from 1; 0 when it is about the whole."""

    code = "import_refused"

    def __init__(self, message: str, *, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


class ShareRefused(TeachError, ValueError):
    """A skill cannot be handed on as it is; the message names the place."""

    code = "share_refused"


class SharedRefused(TeachError, ValueError):
    """A shared file is not taken; the message says why."""

    code = "shared_refused"


class ExportRefused(TeachError, ValueError):
    """A skill cannot become a file of another tool."""

    code = "export_refused"


class EditRefused(TeachError, ValueError):
    """The skill would not hold together with the edit, or there is no such thing to edit; the message says which."""

    code = "edit_refused"


class LessonRefused(TeachError):
    """A lesson cannot do this now."""

    code = "lesson_refused"


class ReplayError(TeachError):
    """A step could not be done. `step` is its id, `site_says` the site's own words about it, if any."""

    code = "replay_error"

    def __init__(self, message: str, *, step: str, site_says: str = "") -> None:
        super().__init__(message)
        self.step = step
        self.site_says = site_says


class StepLost(ReplayError):
    """Its element was not found, or not for sure.

    `candidates` (`healer.Likely`) are what might be meant, for the person to pick from, the likeliest first, and
    `picture` (JPEG) the page that they stand on; `part` says whether the step's target or what it is dragged onto is
    lost.
    """

    code = "step_lost"

    def __init__(
        self,
        message: str,
        *,
        step: str,
        site_says: str = "",
        part: Literal["target", "onto"] = "target",
        candidates: tuple[Any, ...] = (),
        picture: bytes = b"",
    ) -> None:
        super().__init__(message, step=step, site_says=site_says)
        self.part = part
        self.candidates = candidates
        self.picture = picture


class StepObstructed(StepLost):
    """Something else stands where it should be; `obstacle` (`obstacles.Obstacle`) says what."""

    code = "step_obstructed"

    def __init__(self, message: str, *, step: str, obstacle: Any) -> None:
        super().__init__(message, step=step)
        self.obstacle = obstacle


class StepNotTrue(ReplayError):
    """What must be true before or after it is not."""

    code = "step_not_true"


class StepRefused(ReplayError):
    """The Gate or the vault said no; `rule` decided. `sentence` is for the person, when there is one to say."""

    code = "step_refused"

    def __init__(self, message: str, *, step: str, rule: str, sentence: str = "") -> None:
        super().__init__(message, step=step)
        self.rule = rule
        self.sentence = sentence


class StepFailed(ReplayError):
    """The browser could not do it."""

    code = "step_failed"


class ReplayCut(ReplayError, TimeoutError):
    """The deadline passed."""

    code = "replay_cut"
