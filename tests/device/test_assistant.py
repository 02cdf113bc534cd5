from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given
from msgspec.structs import replace

from device.assistant import DRAWN_MS, due_ms, step
from device.effects import (
    AbortTurn,
    BeginTurn,
    CloseMicrophone,
    Cue,
    Effect,
    EndTurn,
    Hush,
    OpenMicrophone,
    Play,
    RingBell,
    Tell,
)
from device.inputs import (
    BatteryRead,
    Button,
    Drained,
    FromLink,
    Input,
    Linked,
    Muted,
    PartFailed,
    Sound,
    Tick,
    Typed,
    Wheel,
)
from device.modes import NOTICE_MS, mode_of
from device.state import Mode, State
from wire.events import DeviceEvent, Ended, Joined, SayAudio, TurnKept, TurnLost
from wire.messages import (
    Answer,
    Ask,
    AskClosed,
    CancelTask,
    Card,
    Fault,
    Played,
    Progress,
    Ring,
    SayEnd,
    SayStart,
    Silence,
    StopRinging,
    StopSaying,
    TaskDone,
    Transcript,
    TurnDone,
    Understood,
    Welcome,
)
from wire.outcomes import CLOSES, CloseCode, Outcome, Retry, Tone
from wire.parts import AskChoice, Limits, TaskState

WELCOME = Welcome(session="s", version=1, token="t", mac="0" * 64, now_ms=1_000_000)


class Device:
    """The assistant with a clock: every deadline on the way is kept."""

    def __init__(self, state: State | None = None) -> None:
        self.state = state or State()
        self.now_ms = 0
        self.effects: list[Effect] = []

    def tell(self, told: Input) -> list[Effect]:
        self.state, effects = step(self.state, told, self.now_ms)
        self.effects += effects
        return effects

    def wait(self, ms: int) -> None:
        until_ms = self.now_ms + ms
        while (due := due_ms(self.state)) is not None and due <= until_ms:
            self.now_ms = max(self.now_ms, due)
            self.tell(Tick())
        self.now_ms = until_ms
        self.tell(Tick())

    def click(self, count: int = 1) -> None:
        for _ in range(count):
            self.tell(Button(True))
            self.wait(60)
            self.tell(Button(False))
            self.wait(100)
        self.wait(400)

    def hold(self, ms: int = 1000, *, samples: int = 16_000) -> None:
        self.tell(Button(True))
        self.wait(ms)
        if samples:
            self.tell(Sound(samples, 3))
        self.tell(Button(False))

    def cloud(self, *events: DeviceEvent) -> None:
        for event in events:
            self.tell(FromLink(event))

    def join(self) -> Device:
        self.cloud(Joined(replace(WELCOME, now_ms=1_000_000 + self.now_ms)))
        return self

    @property
    def mode(self) -> Mode:
        return mode_of(self.state)

    def told(self) -> list[object]:
        return [effect.message for effect in self.effects if isinstance(effect, Tell)]

    def answers(self) -> list[str]:
        return [message.answer for message in self.told() if isinstance(message, Answer)]


def asking(kind: str = "confirm", **more: object) -> Ask:
    return Ask(
        turn=1, number=1, ask="q", task="t", kind=kind, text="Order it?", digest="d", expires_at_ms=1_060_000, **more
    )  # type: ignore[arg-type]


@pytest.fixture
def device() -> Device:
    return Device().join()


@pytest.fixture
def asked(device: Device) -> Device:
    device.cloud(asking())
    device.wait(DRAWN_MS)
    return device


def test_the_microphone_opens_at_button_down_before_it_is_known_to_be_a_hold(device: Device) -> None:
    assert OpenMicrophone() in device.tell(Button(True))
    assert device.mode is Mode.LISTENING


def test_a_hold_is_a_turn_and_release_ends_it(device: Device) -> None:
    device.hold()
    turns = [effect for effect in device.effects if isinstance(effect, BeginTurn | EndTurn)]
    assert turns == [BeginTurn(1, "", False), EndTurn(1, False)]
    assert device.mode is Mode.SENDING


def test_a_click_that_is_told_late_is_still_a_click(device: Device) -> None:
    device.tell(Button(True, device.now_ms))
    device.now_ms += 900
    device.tell(Button(False, device.now_ms - 840))
    device.wait(400)
    assert not [effect for effect in device.effects if isinstance(effect, BeginTurn)]


def test_a_click_starts_no_turn_and_closes_the_microphone(device: Device) -> None:
    device.click()
    assert not [effect for effect in device.effects if isinstance(effect, BeginTurn)]
    assert CloseMicrophone() in device.effects and not device.state.microphone


def test_a_turn_ends_by_itself_after_sixty_seconds_and_says_so(device: Device) -> None:
    device.tell(Button(True))
    device.wait(300)
    device.tell(Sound(16_000, 1))
    device.wait(59_699)
    assert device.mode is Mode.LISTENING
    device.wait(1)
    assert EndTurn(1, truncated=True) in device.effects and not device.state.microphone
    assert device.state.notice is not None and "minute" in device.state.notice.sentence
    device.tell(Button(False))
    assert [effect for effect in device.effects if isinstance(effect, EndTurn)] == [EndTurn(1, truncated=True)]


def test_a_turn_ends_when_it_has_a_minute_of_sound_however_fast_that_came(device: Device) -> None:
    device.tell(Button(True))
    device.wait(300)
    device.tell(Sound(960_000 - 1, 1))
    assert device.mode is Mode.LISTENING
    device.tell(Sound(1, 1))
    assert EndTurn(1, truncated=True) in device.effects


def test_a_hold_in_which_the_microphone_gave_nothing_is_not_sent(device: Device) -> None:
    device.hold(samples=0)
    assert AbortTurn(1) in device.effects
    assert device.mode is Mode.ERROR


def test_the_transcript_grows_and_then_the_device_thinks(device: Device) -> None:
    device.tell(Button(True))
    device.wait(500)
    device.tell(Sound(8000, 2))
    device.cloud(Transcript(turn=1, number=1, text="order a"))
    assert device.state.turn is not None and device.state.turn.transcript == "order a"
    device.tell(Button(False))
    device.cloud(TurnKept(1), Transcript(turn=1, number=2, text="order a pizza", final=True))
    assert device.mode is Mode.THINKING
    device.cloud(Understood(turn=1, number=3, text="Order a pizza"))
    device.cloud(Progress(turn=1, number=4, task="t", text="Opening the shop", step=1, of=5))
    assert device.mode is Mode.WORKING


def test_a_double_click_is_yes(asked: Device) -> None:
    asked.click(2)
    assert asked.answers() == ["yes"]
    assert asked.mode is not Mode.ASKING


def test_a_click_is_no(asked: Device) -> None:
    asked.click(1)
    assert asked.answers() == ["no"]


@pytest.mark.parametrize("count", [3, 4, 5, 8])
def test_three_or_more_clicks_are_never_a_yes(asked: Device, count: int) -> None:
    asked.click(count)
    assert asked.answers() == []
    assert asked.mode is Mode.ASKING


def test_a_press_within_700_ms_of_the_drawing_answers_nothing(device: Device) -> None:
    device.cloud(asking())
    device.wait(DRAWN_MS - 1)
    device.click(2)
    assert device.answers() == []
    device.wait(DRAWN_MS)
    device.click(2)
    assert device.answers() == ["yes"]


def test_a_press_that_interrupts_the_question_never_answers_it(asked: Device) -> None:
    asked.cloud(SayStart(turn=1, number=2, say=1, text="Order it?"), SayAudio(1, 1, 0, bytes(640), False))
    asked.click(2)
    assert asked.answers() == [] and Hush(1) in asked.effects
    asked.click(2)
    assert asked.answers() == ["yes"]


def test_clicks_that_began_before_the_question_came_answer_nothing(device: Device) -> None:
    device.tell(Button(True))
    device.wait(60)
    device.tell(Button(False))
    device.cloud(asking())
    device.wait(100)
    device.click(1)
    assert device.answers() == []


def test_a_question_that_was_covered_must_be_drawn_anew_for_700_ms(asked: Device) -> None:
    asked.cloud(Fault(turn=0, number=3, code=Outcome.FAILED, sentence="Oh.", tone=Tone.ERROR))
    assert asked.mode is Mode.ERROR
    asked.click(2)
    assert asked.mode is Mode.ASKING and asked.answers() == []


def test_a_question_that_comes_back_from_under_a_notice_is_not_answered_at_once(asked: Device) -> None:
    asked.cloud(Fault(turn=0, number=3, code=Outcome.FAILED, sentence="Oh.", tone=Tone.ERROR))
    asked.wait(NOTICE_MS + DRAWN_MS - 1)
    assert asked.mode is Mode.ASKING
    asked.click(2)
    assert asked.answers() == []
    asked.wait(DRAWN_MS)
    asked.click(2)
    assert asked.answers() == ["yes"]


def test_the_question_goes_when_its_time_is_over_and_no_press_answers_it_later(asked: Device) -> None:
    asked.wait(60_000)
    assert asked.state.asks == ()
    asked.click(2)
    assert asked.answers() == []


def test_a_question_that_lasts_leaves_the_screen_without_a_word_and_comes_back_when_it_is_sent_again(
    device: Device,
) -> None:
    lasting = replace(asking(), expires_at_ms=1_000_000 + 7_200_000, quiet=True)
    device.cloud(lasting)
    assert not [effect for effect in device.effects if isinstance(effect, Cue)], "it makes no sound"
    assert device.mode is Mode.ASKING
    device.wait(600_000)
    assert device.mode is Mode.IDLE
    assert not [effect for effect in device.effects if isinstance(effect, Cue)]
    device.cloud(lasting)
    assert device.mode is Mode.ASKING


def test_an_answered_question_does_not_come_back_with_a_snapshot(asked: Device) -> None:
    asked.click(2)
    asked.cloud(Joined(replace(WELCOME, asks=(asking(),), now_ms=1_000_000 + asked.now_ms)))
    assert asked.mode is not Mode.ASKING


def test_a_question_from_the_snapshot_can_be_answered(device: Device) -> None:
    device.cloud(Joined(replace(WELCOME, asks=(asking(),))))
    device.wait(DRAWN_MS)
    device.click(2)
    assert device.answers() == ["yes"]


def test_a_choice_is_moved_by_a_click_and_taken_by_two(device: Device) -> None:
    device.cloud(asking("choice", choices=(AskChoice("2", "two"), AskChoice("10", "ten"))))
    device.wait(DRAWN_MS)
    device.click(1)
    device.click(2)
    assert next(one for one in device.told() if isinstance(one, Answer)).choice == "10"


def test_what_must_be_said_cannot_be_answered_with_a_yes(device: Device) -> None:
    device.cloud(asking("slot"))
    device.wait(DRAWN_MS)
    device.click(2)
    assert device.answers() == []
    device.hold()
    assert BeginTurn(1, "q", False) in device.effects


def test_a_turn_begun_under_a_question_names_it(asked: Device) -> None:
    asked.hold()
    assert BeginTurn(1, "q", False) in asked.effects
    assert asked.answers() == []


def test_a_press_silences_what_is_said_and_opens_the_microphone(device: Device) -> None:
    device.cloud(SayStart(turn=0, number=1, say=4, text="hello"), SayAudio(0, 4, 0, bytes(640), False))
    assert device.mode is Mode.SPEAKING
    effects = device.tell(Button(True))
    assert effects.index(Hush(4)) < effects.index(OpenMicrophone())
    assert Tell(Silence(say=4)) in effects
    device.wait(60)
    device.tell(Button(False))
    device.wait(400)
    assert device.mode is Mode.IDLE, "a click that silenced does nothing else"


def test_nothing_is_played_while_the_person_speaks(device: Device) -> None:
    device.tell(Button(True))
    device.wait(300)
    device.cloud(SayStart(turn=0, number=1, say=1, text="x"), SayAudio(0, 1, 0, bytes(640), False))
    assert not [effect for effect in device.effects if isinstance(effect, Play)]


def test_speech_ends_when_the_speaker_has_played_it_and_the_cloud_hears_of_it(device: Device) -> None:
    device.cloud(SayStart(turn=0, number=1, say=1, text="x"), SayAudio(0, 1, 0, bytes(640), False))
    device.cloud(SayEnd(turn=0, number=3, say=1, samples=320))
    device.tell(Drained(1, 320))
    assert device.mode is Mode.IDLE
    assert Played(say=1, samples=320, whole=True) in device.told()


def test_speech_that_stalls_is_given_up(device: Device) -> None:
    device.cloud(SayStart(turn=0, number=1, say=1, text="x"))
    device.wait(6_000)
    assert device.mode is Mode.IDLE


def test_stop_saying_from_the_cloud_cuts_the_speaker(device: Device) -> None:
    device.cloud(SayStart(turn=0, number=1, say=1, text="x"), StopSaying(turn=0, number=2))
    assert Hush(1) in device.effects and device.mode is Mode.IDLE


def test_a_timer_rings_until_pressed(device: Device) -> None:
    device.cloud(Ring(turn=0, number=1, timer="r", label="tea"))
    assert device.mode is Mode.RINGING and RingBell(True) in device.effects
    device.click()
    assert RingBell(False) in device.effects and StopRinging(timer="r") in device.told()
    assert device.mode is Mode.IDLE


def test_a_timer_that_nobody_stops_rings_for_a_minute(device: Device) -> None:
    device.cloud(Ring(turn=0, number=1, timer="r", label="tea"))
    device.wait(60_000)
    assert device.mode is Mode.MISSED and RingBell(False) in device.effects
    assert StopRinging(timer="r") in device.told(), "it is over for every device"


def test_triple_click_opens_the_menu_click_moves_and_hold_chooses(device: Device) -> None:
    device.cloud(Progress(turn=0, number=1, task="t9", text="Ordering"))
    device.state = replace(device.state, working=None)
    device.click(3)
    assert device.mode is Mode.MENU
    device.hold(300, samples=0)
    assert CancelTask(task="t9") in device.told()
    assert device.mode is Mode.IDLE
    assert not [effect for effect in device.effects if isinstance(effect, BeginTurn)]


def test_a_click_shows_the_last_card_again_and_then_the_next(device: Device) -> None:
    device.cloud(Card(turn=0, number=1, title="one"), Card(turn=0, number=2, title="two"))
    device.wait(30_000)
    assert device.mode is Mode.IDLE
    device.click()
    assert device.mode is Mode.CARD and device.state.shelf.at == 1
    device.tell(Wheel(-1))
    assert device.state.shelf.at == 0


@pytest.mark.parametrize(
    "outcome", [one for one in Outcome if one not in (Outcome.DONE, Outcome.ANSWERED, Outcome.STARTED, Outcome.ASKED)]
)
def test_every_bad_end_of_a_turn_is_a_sentence_and_the_next_turn_works(device: Device, outcome: Outcome) -> None:
    device.hold()
    device.cloud(TurnDone(turn=1, number=1, outcome=outcome))
    assert device.mode is (Mode.IDLE if outcome is Outcome.SUPERSEDED else Mode.ERROR)
    device.hold()
    assert EndTurn(2, False) in device.effects


def test_a_broken_microphone_is_said_and_its_turn_is_aborted(device: Device) -> None:
    device.tell(Button(True))
    device.wait(400)
    device.tell(PartFailed("microphone", "The microphone is gone."))
    assert AbortTurn(1) in device.effects
    assert device.state.notice is not None and device.state.notice.sentence == "The microphone is gone."
    device.tell(Button(False))
    device.wait(10_000)
    assert device.mode is Mode.IDLE


def test_a_torn_picture_is_said_after_the_person_has_spoken(device: Device) -> None:
    device.tell(Button(True))
    device.wait(400)
    device.tell(Sound(8000, 1))
    device.tell(PartFailed("camera", "The picture is torn."))
    device.wait(8_000)
    device.tell(Sound(8000, 1))
    assert device.mode is Mode.LISTENING
    device.tell(Button(False))
    assert EndTurn(1, False) in device.effects


def test_a_cloud_that_does_not_take_a_turn_or_does_not_answer_it_is_said_with_what_to_do(device: Device) -> None:
    device.join()
    device.hold()
    device.wait(20_000)
    assert device.state.notice is not None and "I keep it and send it." in device.state.notice.sentence
    device.cloud(TurnKept(1))
    device.hold()
    device.cloud(TurnKept(2))
    device.wait(45_000)
    assert device.state.notice is not None and "before you say it again" in device.state.notice.sentence
    assert device.state.turn is None


def test_a_cloud_that_has_heard_enough_ends_the_turn_while_the_button_is_held(device: Device) -> None:
    device.tell(Button(True))
    device.wait(400)
    device.cloud(TurnDone(turn=1, number=1, outcome=Outcome.UNAVAILABLE))
    assert AbortTurn(1) in device.effects and not device.state.microphone and device.mode is Mode.ERROR
    device.tell(Button(False))
    device.hold()
    assert EndTurn(2, False) in device.effects


def test_a_lost_turn_is_said(device: Device) -> None:
    device.hold()
    device.cloud(TurnLost(1, "lost"))
    assert device.mode is Mode.ERROR


def test_without_a_connection_the_person_learns_that_it_waits(device: Device) -> None:
    device.tell(Linked(False, "away"))
    device.hold()
    device.wait(20_000)
    # Nothing says that it is safe on the disk, so nothing is promised.
    assert device.state.notice is not None and "No connection" in device.state.notice.sentence
    device.wait(10_000)
    device.join()
    device.cloud(Transcript(turn=1, number=1, text="order", final=True))
    assert device.mode is Mode.THINKING, "it comes back when the cloud has it"


def test_a_close_that_a_person_must_mend_is_said(device: Device) -> None:
    closing = CLOSES[CloseCode.UNPAIRED]
    device.cloud(Ended(CloseCode.UNPAIRED, "", closing.retry, closing.sentence, True))
    assert device.mode is Mode.ERROR and not device.state.online


def test_a_task_that_ends_leaves_no_trace_of_work(device: Device) -> None:
    device.cloud(Progress(turn=0, number=1, task="t", text="Ordering"), asking())
    device.cloud(TaskDone(turn=0, number=3, task="t", outcome=Outcome.DONE, sentence="Ordered."))
    assert device.state.tasks == () and device.state.asks == () and device.mode is Mode.CARD


def test_a_question_settled_elsewhere_leaves_the_screen(asked: Device) -> None:
    asked.cloud(AskClosed(turn=0, number=3, ask="q", outcome=Outcome.DECLINED))
    assert asked.mode is Mode.IDLE


def test_a_speaker_that_fails_is_not_asked_to_sound_for_it(device: Device) -> None:
    assert device.tell(PartFailed("speaker", "s")) == [] and device.mode is Mode.ERROR


def test_what_is_typed_is_a_turn(device: Device) -> None:
    device.tell(Typed("  what time is it "))
    assert device.mode is Mode.SENDING


def test_a_shorter_limit_of_the_cloud_is_kept(device: Device) -> None:
    device.cloud(Joined(replace(WELCOME, limits=Limits(turn_audio_ms=5_000))))
    device.tell(Button(True))
    device.wait(300)
    device.tell(Sound(1, 1))
    device.wait(4_700)
    assert EndTurn(1, truncated=True) in device.effects


EVENTS = st.sampled_from(
    [
        Joined(WELCOME),
        Joined(replace(WELCOME, resumed=True)),
        Joined(replace(WELCOME, asks=(asking(),), tasks=(TaskState("t", "x"),))),
        Ended(CloseCode.TIMEOUT, "", Retry.RECONNECT, "x", False),
        TurnKept(1),
        TurnLost(1, "lost"),
        Transcript(turn=1, number=1, text="a"),
        Transcript(turn=2, number=1, text="b", final=True),
        Understood(turn=1, number=1, text="u", task="t"),
        Progress(turn=1, number=1, task="t", text="p"),
        asking(),
        asking("choice", choices=(AskChoice("a", "a"), AskChoice("b", "b"))),
        asking("choice"),
        asking("slot"),
        AskClosed(turn=0, number=1, ask="q", outcome=Outcome.EXPIRED),
        Card(turn=1, number=1, title="c"),
        SayStart(turn=1, number=1, say=1),
        SayAudio(1, 1, 0, bytes(640), False),
        SayEnd(turn=1, number=1, say=1, samples=320),
        StopSaying(turn=0, number=1),
        Ring(turn=0, number=1, timer="r"),
        TaskDone(turn=0, number=1, task="t", outcome=Outcome.UNKNOWN),
        TurnDone(turn=1, number=1, outcome=Outcome.ANSWERED, sentence="s"),
        Fault(turn=0, number=1, code=Outcome.FAILED, sentence="f"),
    ]
)
INPUTS = st.one_of(
    st.builds(Button, st.booleans()),
    st.builds(Button, st.booleans()),
    st.builds(FromLink, EVENTS),
    st.builds(Wheel, st.integers(-3, 3), st.booleans()),
    st.builds(Sound, st.integers(0, 960), st.integers(0, 5)),
    st.just(Linked(False, "x")),
    st.just(Drained(1, 320)),
    st.just(PartFailed("microphone", "m")),
    st.just(PartFailed("camera", "c")),
    st.builds(Muted, st.booleans()),
    st.builds(BatteryRead, st.integers(-1, 100), st.booleans()),
    st.just(Typed("t")),
    st.just(Tick()),
)


@given(st.lists(st.tuples(INPUTS, st.integers(0, 800)), max_size=60))
def test_from_anywhere_the_device_comes_back_to_idle_with_its_microphone_shut(story: list[tuple[Input, int]]) -> None:
    device = Device()
    for told, wait_ms in story:
        device.tell(told)
        device.wait(wait_ms)
        assert device.state.microphone <= device.state.fingers.down
    device.tell(Button(False))
    assert not device.state.microphone
    device.wait(900_000)
    assert device.mode in (Mode.IDLE, Mode.MISSED)  # what rang, and nobody stopped, stays on the screen
    began = [effect.turn for effect in device.effects if isinstance(effect, BeginTurn)]
    over = [effect.turn for effect in device.effects if isinstance(effect, EndTurn | AbortTurn)]
    assert began == sorted(set(began)) and sorted(over) == began, "every turn ends exactly once"
    opened = [effect for effect in device.effects if isinstance(effect, OpenMicrophone | CloseMicrophone)]
    assert not opened or isinstance(opened[-1], CloseMicrophone)


@given(st.lists(st.tuples(st.integers(20, 240), st.integers(31, 299)), min_size=1, max_size=7), st.integers(0, 1500))
def test_only_exactly_two_clicks_begun_in_time_are_ever_a_yes(presses: list[tuple[int, int]], wait_ms: int) -> None:
    device = Device().join()
    device.cloud(asking())
    device.wait(wait_ms)
    for down_ms, up_ms in presses:
        device.tell(Button(True))
        device.wait(down_ms)
        device.tell(Button(False))
        device.wait(up_ms)
    device.wait(1000)
    expected = {1: ["no"], 2: ["yes"]}.get(len(presses), []) if wait_ms >= DRAWN_MS else []
    assert device.answers() == expected
