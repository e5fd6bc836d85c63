"""The one door through which moderation learns of the truth: answers with the error rates that a scenario states."""

from dataclasses import dataclass

from sim.numbers.luck import Decision, key_of, threshold
from sim.scenario.schema import quantity
from sim.world.truth import PAID_FOR, SLEEPER, VENDOR
from sim.world.world import World


@dataclass(frozen=True)
class ErrorTable:
    """P(answer is yes | truth) of each check."""

    paid_found: float = quantity("classifier says paid of an undisclosed paid post", "probability", 0, 1)
    paid_false: float = quantity("classifier says paid of a post nobody paid for", "probability", 0, 1)
    violation_found: float = quantity("reviewer confirms an account or post that breaks the rules", "probability", 0, 1)
    violation_false: float = quantity("reviewer confirms an account or post that does not", "probability", 0, 1)


@dataclass(frozen=True)
class ErrorTableOfLaw(ErrorTable):
    """The same, with a classifier of unlawful content; without it no post is found to be unlawful."""

    unlawful_found: float = quantity("classifier says unlawful of an unlawful post", "probability", 0, 1)
    unlawful_false: float = quantity("classifier says unlawful of a lawful post", "probability", 0, 1)


class Witness:
    """Answers about one world; each question has one answer, however often it is asked."""

    def __init__(self, world: World, errors: ErrorTable) -> None:
        self._world = world
        self._errors = errors

    def paid(self, post: int) -> bool:
        """What the classifier of undisclosed advertising says of a post."""
        row = post - self._world.platform.first
        paid = int(self._world.truth.campaign_post[row]) == PAID_FOR
        rate = self._errors.paid_found if paid else self._errors.paid_false
        key = int(self._world.platform.posts.key[row])
        return key_of(self._world.seed, Decision.CLASSIFIER, key) < threshold(rate)

    def violates(self, account: int, review: int = 0) -> bool:
        """What a reviewer says of an account; each further review of the same one is another person's."""
        guilty = int(self._world.truth.role[account]) in (SLEEPER, VENDOR)
        further = (review,) if review else ()
        return key_of(self._world.seed, Decision.REVIEW, account, *further) < threshold(self._confirms(guilty))

    def faulty(self, post: int, review: int = 0) -> bool:
        """What a reviewer says of a post: paid for and not disclosed, unlawful, or made by an account that breaks the rules.

        A post that has retired is let be.
        """
        platform, truth, row = self._world.platform, self._world.truth, post - self._world.platform.first
        if row < 0:
            return False
        hidden_advertising = int(truth.campaign_post[row]) == PAID_FOR and not platform.posts.disclosed[row]
        guilty = (
            hidden_advertising
            or bool(truth.unlawful[row])
            or int(truth.role[platform.posts.author[row]]) in (SLEEPER, VENDOR)
        )
        key = key_of(self._world.seed, Decision.REVIEW, int(platform.posts.key[row]), 1, review)
        return key < threshold(self._confirms(guilty))

    def unlawful(self, post: int) -> bool:
        """What the classifier of unlawful content says of a post."""
        if not isinstance(self._errors, ErrorTableOfLaw):
            return False
        row = post - self._world.platform.first
        guilty = bool(self._world.truth.unlawful[row])
        rate = self._errors.unlawful_found if guilty else self._errors.unlawful_false
        key = int(self._world.platform.posts.key[row])
        return key_of(self._world.seed, Decision.UNLAWFUL, 1, key) < threshold(rate)

    def _confirms(self, guilty: bool) -> float:
        """Probability that one review confirms a flag."""
        return self._errors.violation_found if guilty else self._errors.violation_false
