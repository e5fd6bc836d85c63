"""By what a record is looked at, and which explanations are set against each other: what `evidence.yaml` says."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sim.scenario.documents import read_document
from sim.scenario.schema import build, part, quantity, text

SETTINGS = Path(__file__).resolve().parent / "evidence.yaml"


@dataclass(frozen=True)
class Rules:
    """What `evidence.yaml` says."""

    everywhere: tuple[str, ...] = part("verbs of which every act is looked at")
    on_election: tuple[str, ...] = part("verbs of which acts on posts about the election are")
    dormant_days: float = quantity("without any act that make an account dormant", "days", 1, 10000)
    burst_hours: int = quantity("from the first act on record on, in which acts are counted", "hours", 1, 1000)
    burst_acts: int = quantity("acts within that time that make a burst", "acts", 1, 10000)
    born_days: int = quantity("within which accounts were created together", "days", 1, 100)
    born_accounts: int = quantity("that were", "accounts", 2, 10**6)
    copies: int = quantity("accounts that must use one template", "accounts", 2, 10**6)
    least_likes: int = quantity("likes below which a post's proportions are not looked at", "likes", 1, 10**9)
    likes_per_view: float = quantity("share of views with a like above which it is out of proportion", "share", 0, 1)
    comments_per_like: float = quantity("comments a like above which it is so", "comments/like", 0, 1e6)
    least: int = quantity("of which a statement is made at the least", "accounts or posts", 1, 1000)
    draws: int = quantity("of shares from what is known of them", "draws", 100, 10**6)
    alleged: str = text("preset of the campaign that is alleged where nothing else is said")
    rivals: tuple[str, ...] = part("presets of the explanations that are set against it")
    worlds: int = quantity("kept out, of each explanation", "worlds", 1, 1000)
    base_users: int = quantity("users of the platform in the country", "users", 1, 10**9)
    base_rates: tuple[int, ...] = part("accounts that are held, among so many users")


@cache
def rules() -> Rules:
    """Read once."""
    return build(Rules, read_document(SETTINGS)[0], "")
