"""What a teacher may ask of a world: a fixed table. Nothing else reaches a scenario, so that a page can send no override of its own."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

BASE = ("scenario=classroom",)  # words that every world of a lab shares
NUMBER, CHOICE, SWITCH, DATE = "number", "choice", "switch", "date"
NONE = "none"
CAMPAIGNS = (
    "coordinated", "clumsy", "spread_out", "mixed_cells", "careful", "own_feeds", "one_day_comments", "recruited_people",
    "adaptive", "bought_engagement", "hashtag_riding", "paid_authentic", "organic_surge", "infiltration",
)  # fmt: skip
RECOMMENDERS = (
    "staged_audience", "engagement_weights", "engagement_weights_tiktok", "interest", "collaborative", "popularity", "bridging",
    "chronological", "mix",
)  # fmt: skip
POLICIES = (
    NONE, "suspend_coordinated", "coaction_network", "limit_awakened", "discount_bought", "limit_disproportionate", "limit_copies",
    "label_paid", "remove_undisclosed", "remove_reported", "hold_new_accounts", "slow_viral", "cap_subject", "share_friction",
    "package_light_touch", "package_transparency", "package_election_mode", "package_anti_inauthentic", "package_strict",
    "as_reported",
)  # fmt: skip
STRENGTHS = ("weaker", "standard", "stronger")
FIRST_DAY, LAST_DAY = date(2024, 10, 24), date(2024, 11, 23)  # of the calendar of `classroom`
TACTIC = "campaign.tactics."


class WrongSettingError(ValueError):
    """A setting that is not allowed: its name, and a sentence that says what is."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


@dataclass(frozen=True)
class Setting:
    """One thing that may be asked. key: of the scenario, or of the slot whose preset is chosen.

    low, high: of a number, in `unit`. Bounds are those of the assumption in the preset where it states some.
    """

    name: str
    group: str
    kind: str
    key: str
    choices: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0  # by which the page's slider moves
    unit: str = ""

    @property
    def tactic(self) -> str:
        """The tactic that it is about; empty where none."""
        return self.key.removeprefix(TACTIC).split(".")[0] if self.key.startswith(TACTIC) else ""

    def read(self, value: Any) -> Any:
        """A value that came from outside, checked. Raises WrongSettingError."""
        return {NUMBER: self._number, CHOICE: self._choice, SWITCH: self._switch, DATE: self._date}[self.kind](value)

    def _number(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise self._wrong(value, f"a number from {self.low:,.10g} to {self.high:,.10g} {self.unit}".strip())
        if self.step == int(self.step) and value != int(value):
            raise self._wrong(value, f"a whole number from {self.low:,.10g} to {self.high:,.10g} {self.unit}".strip())
        return value

    def _choice(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise self._wrong(value, f"one of {', '.join(self.choices)}")
        return value

    def _switch(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise self._wrong(value, "true or false")
        return value

    def _date(self, value: Any) -> str:
        try:
            day = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2024-11-01") else None
        except ValueError:
            day = None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            raise self._wrong(value, f"a day from {FIRST_DAY} to {LAST_DAY}")
        return day.isoformat()

    def _wrong(self, value: Any, allowed: str) -> WrongSettingError:
        return WrongSettingError(self.name, f"{str(value)[:40]} was given; allowed is {allowed}.")


def _tactic(name: str, main: str, low: float, high: float, step: float, unit: str) -> tuple[Setting, Setting]:
    """A tactic, on or off, and its main strength."""
    return (
        Setting(name, "tactics", SWITCH, f"{TACTIC}{name}"),
        Setting(f"{name}_{main}", "tactics", NUMBER, f"{TACTIC}{name}.{main}", (), low, high, step, unit),
    )


SETTINGS = (
    Setting("campaign", "campaign", CHOICE, "campaign", CAMPAIGNS),
    Setting("budget", "campaign", NUMBER, "campaign.budget", (), 0, 4e6, 5e4, "EUR"),
    *_tactic("hire_influencers", "posts_each", 0, 12, 0.5, "posts"),
    *_tactic("wake_sleepers", "posts_per_hour", 0, 3, 0.1, "posts/hour"),
    Setting("wake_day", "tactics", DATE, f"{TACTIC}wake_sleepers.wake_day"),
    *_tactic("flood_comments", "comments", 0, 1000, 50, "comments"),
    *_tactic("mobilise_volunteers", "compliance", 0, 0.6, 0.05, "share"),
    *_tactic("buy_engagement", "likes", 0, 1000, 50, "likes"),
    *_tactic("give_gifts", "gift", 0, 150, 10, "EUR"),
    Setting("recommender", "platform", CHOICE, "recommender", RECOMMENDERS),
    Setting("social_proof", "platform", NUMBER, "audience.social_proof", (), 0, 0.3, 0.02, "logit/decade"),
    Setting("moderation", "moderation", CHOICE, "moderation", POLICIES),
    Setting("start", "moderation", DATE, "moderation.start"),
    Setting("strength", "moderation", CHOICE, "moderation.strength", STRENGTHS),
    Setting("seed", "luck", NUMBER, "seed", (), 0, 9999, 1, ""),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
DEFAULTS = {"campaign": CAMPAIGNS[0], "moderation": NONE, "recommender": RECOMMENDERS[0], "seed": 1}
POLICY_ONLY = ("start", "strength")


def checked(asked: Any) -> dict[str, Any]:
    """Settings that came from outside, each known, of its kind and in its range. Raises WrongSettingError."""
    if not isinstance(asked, Mapping):
        raise WrongSettingError("", "Allowed are settings by name.")
    for name in asked:
        if name not in BY_NAME:
            raise WrongSettingError(str(name)[:40], "There is no such setting.")
    found = {name: BY_NAME[name].read(value) for name, value in asked.items()}
    for name in POLICY_ONLY:
        if name in found and found.get("moderation", NONE) == NONE:
            raise WrongSettingError(name, "No policy is chosen that could start or be stronger.")
    return found


def words_of(settings: Mapping[str, Any], base: Sequence[str] = BASE) -> tuple[str, ...]:
    """The words by which the command line is asked the same. settings: those of `checked`; base: words about the world that stay."""
    chosen = {**DEFAULTS, **settings}
    off = {name for name, value in chosen.items() if value is False}
    words = [*base]
    for name in ("campaign", "moderation", "recommender"):
        if name != "recommender" or chosen[name] != DEFAULTS[name]:
            words.append(f"{name}={chosen[name]}")
    for setting in SETTINGS:
        if setting.name not in chosen or setting.name in ("campaign", "moderation", "recommender"):
            continue
        if setting.kind == SWITCH:
            words += [f"~{setting.key}"] if setting.name in off else []
        elif setting.tactic not in off:
            words.append(f"{setting.key}={_said(chosen[setting.name])}")
    return (*words, "replications=1")


def _said(value: Any) -> str:
    """A value as the command line takes it."""
    return str(int(value)) if isinstance(value, float) and value == int(value) else str(value)


def command_of(words: Sequence[str]) -> str:
    """The command that gives the same from the command line."""
    return shlex.join(["groundswell", "compare", *words])


def field_of(message: str) -> str:
    """The setting that a message about a scenario is about: the longest key that it names; empty where none."""
    named = [setting for setting in SETTINGS if message.startswith(setting.key) or f" {setting.key}" in message]
    return max(named, key=lambda setting: len(setting.key)).name if named else ""


def listed(values: Mapping[str, Any], levels: Sequence[str]) -> list[dict[str, Any]]:
    """What can be asked, for the page. values: what each setting is in the chosen presets, None where it does not apply there."""
    return [
        {
            "name": setting.name, "group": setting.group, "label": f"controls.{setting.name}", "kind": setting.kind,
            "choices": list(levels if setting.name == "strength" else setting.choices), "low": _low(setting), "high": _high(setting),
            "step": setting.step, "unit": setting.unit, "tactic": setting.tactic, "value": values.get(setting.name),
        }
        for setting in SETTINGS
    ]  # fmt: skip


def _low(setting: Setting) -> float | str:
    return FIRST_DAY.isoformat() if setting.kind == DATE else setting.low


def _high(setting: Setting) -> float | str:
    return LAST_DAY.isoformat() if setting.kind == DATE else setting.high
