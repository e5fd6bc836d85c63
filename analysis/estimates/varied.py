"""Answers of one scenario under several settings of an assumption: as a table, as files that the project keeps, and in words.

The main job takes minutes, and a comparison under each end of an assumption as long again. The project therefore keeps such answers
with their date and the code that made them; whoever reads them is told when the model has changed since.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.estimates.words import PARTS, interval, without_signed_zeros
from sim.runs.recording import name_of, read_json, write_json

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "analysis" / "reference_data" / "varied"
CURVES = ("found", "innocent", "innocent_quiet")  # of each campaign and policy, where several campaigns were compared
ALWAYS = frozenset({"quiet", "coordinated"})  # campaigns that stand in every comparison, or that others build on
MODEL = ("actors", "audience", "kernels", "measures", "moderation", "numbers", "recommenders", "tactics", "world")
WITHOUT_EFFECT = (  # slots whose presets change nothing in a world; of a regulator, in one that asks for none, as kept answers do
    "arms", "vary", "measures", "record", "election", "regulator",
)  # fmt: skip
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
CONTRASTS = ("manufactured", *(f"part:{part}" for part in PARTS))  # beside each dampening


@dataclass(frozen=True)
class Varied:
    """What a scenario answers under each setting. rows: setting, contrast, estimate, low, high."""

    question: str
    scenario: str
    campaigns: list[str]  # that were compared with the quiet world
    title: str
    day: str
    code: str
    command: str
    days: int
    users: int
    seeds: int
    rows: pd.DataFrame

    @property
    def settings(self) -> list[str]:
        """In order."""
        return list(dict.fromkeys(self.rows["setting"]))

    @property
    def policies(self) -> list[str]:
        """Those of which there is a dampening, in order."""
        return [c.split(":")[1] for c in dict.fromkeys(self.rows["contrast"]) if c.startswith("dampening:")]

    @property
    def is_older(self) -> bool:
        """Whether the model has changed since."""
        return self.code != code_of_answers(frozenset(self.campaigns))

    def row(self, setting: str, contrast: str) -> Any:
        """estimate, low and high of one contrast under one setting; None where there is none."""
        rows = self.rows[(self.rows["setting"] == setting) & (self.rows["contrast"] == contrast)]
        return next(rows.itertuples(index=False), None)

    def said(self, setting: str, contrast: str, form: str = "{:.2f}") -> str:
        """An estimate with its interval; a dash where there is none, or nothing to dampen."""
        row = self.row(setting, contrast)
        if row is None or (contrast.startswith("dampening:") and self.is_nothing(setting)):
            return "-"
        return without_signed_zeros(f"{form.format(row.estimate)} ({interval(row.low, row.high, form)})")

    def is_nothing(self, setting: str) -> bool:
        """Whether nothing that was manufactured could be told from luck."""
        row = self.row(setting, "manufactured")
        return row is not None and pd.notna(row.low) and bool(row.low <= 0)

    def write(self, path: Path) -> None:
        """Whole or not at all."""
        document = {name: getattr(self, name) for name in Varied.__dataclass_fields__ if name != "rows"}
        write_json(path, {**document, "rows": self.rows.to_dict(orient="records")})


@cache
def code_of_answers(campaigns: frozenset[str], root: Path = ROOT) -> str:
    """A hash of what answers about some campaigns depend on: what the rooms of the model and the presets say, whatever their
    comments, docstrings and line breaks; not other campaigns' presets, nor measures that read a world only where they are asked
    for. root: of the project."""
    rooms = [file for room in MODEL for file in (root / "sim" / room).rglob("*.py") if not _reads_only(file)]
    presets = [file for file in (root / "scenarios").rglob("*.yaml") if file.parent.name not in WITHOUT_EFFECT]
    wanted = [file for file in sorted(presets) if file.parent.name != "campaign" or file.stem in campaigns | ALWAYS]
    said = [[file.parent.name, file.stem, yaml.safe_load(file.read_text(encoding="utf-8"))] for file in wanted]
    return name_of([[meaning(file) for file in sorted([root / "sim" / "model.py", *rooms])], said])


def _reads_only(source: Path) -> bool:
    """Whether a module is a measure of the `measures` slot, which changes nothing in the world that it reads."""
    return source.parent.name == "measures" and any(
        isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Name) and base.id == "Measure" for base in node.bases)
        for node in ast.parse(source.read_bytes()).body
    )  # fmt: skip


def meaning(source: Path) -> list[Any]:
    """What a module says to Python: its syntax tree without docstrings."""
    return _meaning_of(source.read_bytes())


@cache
def _meaning_of(content: bytes) -> list[Any]:
    """`meaning` of what a module's file holds; it is asked again for other campaigns."""
    tree = ast.parse(content)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return _nested(tree)


def _nested(node: ast.AST) -> list[Any]:
    """A syntax tree as lists; fields that are empty go, since versions of Python differ in them."""
    fields = [(name, value) for name, value in ast.iter_fields(node) if value is not None and value != []]
    return [type(node).__name__, *([name, _plain(value)] for name, value in fields)]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return _nested(value) if isinstance(value, ast.AST) else repr(value)


def answers(setting: str, estimates: pd.DataFrame) -> pd.DataFrame:
    """Rows of one setting, from the estimates of its comparison."""
    wanted = estimates["contrast"].isin(CONTRASTS) | estimates["contrast"].str.startswith("dampening:")
    rows = estimates[wanted & (estimates["measure"] == "impressions")]
    return rows[["contrast", "estimate", "low", "high"]].assign(setting=setting)


def curves(setting: str, craft: pd.DataFrame) -> pd.DataFrame:
    """Rows of one setting that say what each policy found of each campaign, and whom else it hit.

    craft: as `analysis.estimates.craft` gives it; contrasts are `found:CAMPAIGN:POLICY` and so on, without those of no account.
    """
    rows = [
        {"setting": setting, "contrast": f"{part}:{row['campaign']}:{row['policy']}",
         "estimate": row[part], "low": row[f"{part}_low"], "high": row[f"{part}_high"]}
        for row in craft.to_dict("records") for part in CURVES if pd.notna(row[part])
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["contrast", "estimate", "low", "high", "setting"])


def by_campaign(craft: pd.DataFrame) -> pd.DataFrame:
    """Rows of a comparison of several campaigns, each a setting; craft: as `analysis.estimates.craft` gives it."""
    rows: list[dict[str, Any]] = []
    for row in craft.to_dict("records"):
        for contrast, name in (("manufactured", "manufactured"), (f"dampening:{row['policy']}", "dampening")):
            rows.append({
                "setting": str(row["campaign"]).replace("_", " "), "contrast": contrast,
                "estimate": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"],
            })  # fmt: skip
    return pd.DataFrame(rows).drop_duplicates(["setting", "contrast"])


def varied(question: str, title: str, manifest: dict[str, Any], command: str, rows: pd.DataFrame) -> Varied:
    """Answers of today, by this code. manifest: of one of the comparisons."""
    campaigns = list(dict.fromkeys(arm["campaign"] for arm in manifest["arms"] if arm["campaign"] != "quiet"))
    return Varied(
        question=question, scenario=manifest["scenario"], campaigns=campaigns, title=title, day=date.today().isoformat(),
        code=code_of_answers(frozenset(campaigns)), command=command, days=int(manifest["days"]), users=int(manifest["users"]),
        seeds=len(manifest["seeds"]), rows=rows.reset_index(drop=True),
    )  # fmt: skip


def read(path: Path) -> Varied:
    """What `write` wrote."""
    document = read_json(path)
    return Varied(**{**document, "rows": pd.DataFrame(document["rows"])})


@cache
def kept(scenario: str) -> tuple[Varied, ...]:
    """What the project keeps about a scenario, by question."""
    return tuple(read(path) for path in sorted(KEPT.glob(f"{scenario}-*.json")))


def keep(found: Varied) -> Path:
    """Put answers among those that the project keeps; they take the place of older ones."""
    path = KEPT / f"{found.scenario}-{found.question}.json"
    found.write(path)
    kept.cache_clear()
    return path


def beside(manifest: Mapping[str, Any]) -> list[Varied]:
    """What the project keeps about the scenario and the campaign of a comparison."""
    campaigns = {arm["campaign"] for arm in manifest["arms"]}
    return [found for found in kept(str(manifest["scenario"])) if campaigns & set(found.campaigns)]


def what_it_hangs_on(folder: Path) -> list[str]:
    """Both ends of what acts off the feed are worth, beside a comparison's own lines."""
    return [
        line
        for found in beside(read_json(folder / "manifest.json"))
        if found.question == "off_feed"
        for line in lines(found)
    ]


def lines(found: Varied) -> list[str]:
    """One line a setting: what was manufactured and what each policy took of it."""
    older = ", before the model last changed" if found.is_older else ""
    head = f"{found.title} ({found.users:,} users, {found.days} days, {found.seeds} seeds, {found.day}{older}):"
    return [head, *(f"  {setting}: {_of(found, setting, found.policies)}" for setting in found.settings)]


def _of(found: Varied, setting: str, policies: Sequence[str]) -> str:
    damped = (f"{policy} {found.said(setting, f'dampening:{policy}', '{:.0%}')}" for policy in policies)
    return "; ".join([found.said(setting, "manufactured"), *damped])
