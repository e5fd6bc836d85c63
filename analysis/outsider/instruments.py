"""All instruments by name."""

from collections.abc import Callable, Mapping

from analysis.outsider.account_ages import account_ages
from analysis.outsider.acting_together import acting_together
from analysis.outsider.differences import differences, differences_told
from analysis.outsider.interrupted_series import interrupted_series, interrupted_series_told
from analysis.outsider.proportion import out_of_proportion
from analysis.outsider.seen import Answer, Seen
from analysis.outsider.sock_puppets import many_puppets, one_puppet

INSTRUMENTS: Mapping[str, Callable[[Seen], Answer]] = {
    "interrupted_series": interrupted_series, "interrupted_series_told": interrupted_series_told,
    "differences": differences, "differences_told": differences_told,
    "one_puppet": one_puppet, "many_puppets": many_puppets,
    "acting_together": acting_together, "out_of_proportion": out_of_proportion, "account_ages": account_ages,
}  # fmt: skip
FROM_KNOWN = ("interrupted_series", "differences")  # compare views with the campaign and without, from the known day on
FROM_TOLD = tuple(f"{name}_told" for name in FROM_KNOWN)  # the same from the day on which it began
PUPPETS = ("one_puppet", "many_puppets")  # see what the platform shows, and no record
