"""Every number that a comparison assumes, with its unit, meaning and source, as the comments of the presets say."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.arms import STANDARD
from sim.scenario.presets import NESTED, comments, value_at


def assumptions(document: Mapping[str, Any], folder: Path | None) -> list[dict[str, Any]]:
    """The numbers of one composed scenario that have a comment."""
    return _rows(document, notes_of(document, folder))


def notes_of(document: Mapping[str, Any], folder: Path | None) -> dict[str, str]:
    """The comments of the presets that were chosen, and of no others; those of the asked strength before the standard's own."""
    chosen = {**document["presets"], **{slot: document[slot]["name"] for slot in ("campaign", "moderation")}}
    notes = comments(folder, {slot: name for slot, name in chosen.items() if slot not in NESTED}, document)
    for place in NESTED:
        if place in chosen:
            inside = comments(folder, {"recommender": chosen[place]}, {"recommender": value_at(document, place)})
            notes |= {
                key.replace("recommender", place, 1): note
                for key, note in inside.items()
                if key.startswith("recommender.")
            }
    asked = f"moderation.strengths.{document['moderation'].get('strength', STANDARD)}."
    at_asked = {key: note for key, note in notes.items() if key.startswith(asked)}
    return notes | {f"moderation.{key.removeprefix(asked)}": note for key, note in at_asked.items()}


def policy_assumptions(
    document: Mapping[str, Any], moderations: Mapping[str, Any], swept: bool, folder: Path | None
) -> list[dict[str, Any]]:
    """What each policy of a comparison assumes beyond the scenario's own moderation; its strengths where they are `swept`."""
    known = {(row["key"], str(row["value"])) for row in assumptions(document, folder)}
    rows = []
    for preset, moderation in moderations.items():
        notes = {
            key: note for key, note in comments(folder, {"moderation": preset}).items() if key.startswith("moderation.")
        }
        for row in _rows({"moderation": moderation}, notes):
            if (row["key"], str(row["value"])) in known or (".strengths." in row["key"] and not swept):
                continue
            rows.append({**row, "key": f"moderation={preset}: {row['key'].removeprefix('moderation.')}"})
    return rows


def _rows(document: Mapping[str, Any], notes: Mapping[str, str]) -> list[dict[str, Any]]:
    rows = []
    for key, comment in sorted(notes.items()):
        value = value_at(document, key)
        parts = [part.strip() for part in comment.split(";")]
        if value is not None and not isinstance(value, Mapping):
            meaning, source = (parts[1], "; ".join(parts[2:])) if len(parts) > 2 else ("", "; ".join(parts[1:]))
            rows.append(
                {"key": key, "value": value, "unit": parts[0], "meaning": meaning, "source": source or "assumption"}
            )
    return rows
