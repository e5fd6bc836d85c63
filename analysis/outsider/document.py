"""The tables of docs/OUTSIDER.md, made anew by `python -m analysis.outsider.document`; what a FOLDER holds is kept first, if given."""

import sys
from pathlib import Path

import pandas as pd

from analysis.outsider.words import markdown, tables
from sim.runs.recording import read_json, write_json, write_whole

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "OUTSIDER.md"
KEPT = ROOT / "analysis" / "reference_data" / "outsider.json"
BEGIN, END = "<!-- tables: python -m analysis.outsider.document -->", "<!-- end of tables -->"


def keep(folder: Path) -> None:
    """Keep what `groundswell outsider` has left in a folder, without its place."""
    found = read_json(folder / "outsider.json")
    write_json(KEPT, {key: value for key, value in found.items() if key != "out"})


def made() -> str:
    """The tables of what is kept, with what they are of."""
    kept = read_json(KEPT)
    scores = pd.DataFrame(kept["scores"])
    said = (
        f"{kept['worlds']} worlds ({kept['seeds']} seeds of each kind) of {kept['users']:,} users over {kept['days']} days of "
        f"`{kept['scenario']}`, on the eve of the vote:\n\n```\n{_without_places(kept['command'])}\n```\n"
    )
    return said + "\n".join(f"\n**{each.title}**\n\n{markdown(each)}\n" for each in tables(scores))


def _without_places(command: str) -> str:
    """Commands as anybody would give them."""
    return "\n".join(line.split(" --out ")[0] for line in command.splitlines())


def renewed(document: str) -> str:
    """The document with fresh tables between its markers."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{made()}\n{END}{after}"


if __name__ == "__main__":
    for place in sys.argv[1:2]:
        keep(Path(place))
    write_whole(PAGE, renewed(PAGE.read_text(encoding="utf-8")).encode())
