"""How well somebody tells campaign from innocent, apart from how ready they are to say 'campaign': d' and c of signal detection.

With hit rate h (campaign called campaign) and false-alarm rate f (innocent called campaign), d' = z(h) - z(f) and c = -(z(h) + z(f)) / 2,
z the inverse of the normal distribution's cumulative function (Stanislaw and Todorov 1999, Behavior Research Methods, Instruments, &
Computers 31, 137-149). So that neither rate is 0 or 1, half a case is added to each count and one to each total: the log-linear rule
(Hautus 1995, the same journal 27, 46-51). The page computes the same in `web/tasks/scoring.js`.
"""

from dataclasses import dataclass

from scipy.special import ndtri

from sim.scenario.schema import ScenarioError

CLEAR, SOME = (
    1.0,
    0.4,
)  # d' from which somebody tells them apart, and begins to; .4 is about 58 right of 100 without a bias, 1 about 69
LEANING = 0.3  # c from which, to either side, somebody leans; a bias of .3 moves a rate of a half to .38 or .62


@dataclass(frozen=True)
class Score:
    """sensitivity: d', 0 is guessing; bias: c, below 0 who says 'campaign' readily, above 0 who seldom does."""

    sensitivity: float
    bias: float

    @property
    def words(self) -> str:
        """Key of what is said of it: how well, and which way it leans."""
        well = "tells" if self.sensitivity >= CLEAR else "some" if self.sensitivity >= SOME else "guesses"
        return f"{well}_{'doubts' if self.bias < -LEANING else 'trusts' if self.bias > LEANING else 'even'}"


def score(hits: int, campaigns: int, false_alarms: int, innocents: int) -> Score:
    """Score of some answers. Raises ScenarioError where counts cannot be."""
    if not (0 <= hits <= campaigns and 0 <= false_alarms <= innocents and campaigns and innocents):
        raise ScenarioError(
            f"answers: {hits} of {campaigns} and {false_alarms} of {innocents} given, allowed counts up to totals of one or more"
        )
    hit, alarm = ndtri((hits + 0.5) / (campaigns + 1)), ndtri((false_alarms + 0.5) / (innocents + 1))
    return Score(float(hit - alarm), float(-(hit + alarm) / 2))
