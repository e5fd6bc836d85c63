"""Decisions of moderation as statements of reasons, in the columns of the DSA Transparency Database.

The columns are those of the Commission's daily dumps since 1 July 2025 (transparency.dsa.ec.europa.eu; the order is that of the
database's own code, github.com/digital-services-act/transparency-database, app/Exports/StatementExportTrait.php). What the model does
not know stays empty. There is no column for a decision that was undone: where a restriction has ended within the run, by an appeal
or by itself, its end date says when.
"""

import inspect
import json
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd

from sim.measures.costs import is_sanction
from sim.model import CampaignModel
from sim.moderation.base import AUTOMATIC, REASONS, Policy, Suspicion
from sim.runs.recording import name_of, write_csv
from sim.scenario.config import Audience
from sim.scenario.schema import ScenarioError, shown
from sim.world.actions import Request

COLUMNS = (
    "uuid", "decision_visibility", "decision_visibility_other", "end_date_visibility_restriction", "decision_monetary",
    "decision_monetary_other", "end_date_monetary_restriction", "decision_provision", "end_date_service_restriction", "decision_account",
    "end_date_account_restriction", "account_type", "decision_ground", "decision_ground_reference_url", "illegal_content_legal_ground",
    "illegal_content_explanation", "incompatible_content_ground", "incompatible_content_explanation", "incompatible_content_illegal",
    "category", "category_addition", "category_specification", "category_specification_other", "content_type", "content_type_other",
    "content_language", "content_date", "content_id_ean", "territorial_scope", "application_date", "decision_facts", "source_type",
    "source_identity", "automated_detection", "automated_decision", "platform_name", "platform_uid", "created_at",
)  # fmt: skip
FILLED = (  # those that the model knows of some decision at least
    "uuid", "decision_visibility", "decision_visibility_other", "end_date_visibility_restriction", "decision_account",
    "end_date_account_restriction", "decision_ground", "incompatible_content_ground", "incompatible_content_explanation", "category",
    "category_specification", "content_type", "content_type_other", "content_date", "application_date", "decision_facts",
    "source_type", "automated_detection", "automated_decision", "platform_name", "platform_uid", "created_at",
)  # fmt: skip
VISIBILITY = {
    "remove": "CONTENT_REMOVED", "limit": "CONTENT_DEMOTED", "slow": "CONTENT_DEMOTED", "hold": "CONTENT_DISABLED",
    "label": "CONTENT_LABELLED", "discount": "OTHER",
}  # fmt: skip
ENDS = {
    "resume": ("slow",),
    "release": ("hold",),
    "restore": ("remove", "limit", "suspend"),
}  # action: those that it ends
OTHER_VISIBILITY = "engagement counts less for recommendations"
# Reason of a policy (`Policy.reason`): category and keywords of the database. Inauthentic accounts are a keyword of scams and
# fraud there, hidden advertisement one of consumer information (its API documentation, version 2).
CATEGORIES = {
    "rules": ("OTHER_VIOLATION_TC", ()),
    "reported": ("NOT_SPECIFIED_NOTICE", ()),
    "inauthentic": ("SCAMS_AND_FRAUD", ("KEYWORD_INAUTHENTIC_ACCOUNTS",)),
    "undisclosed": ("CONSUMER_INFORMATION", ("KEYWORD_HIDDEN_ADVERTISEMENT",)),
    "unlawful": ("", ()),  # of which kind the model does not say
}
AUTOMATED = {True: "AUTOMATED_DECISION_NOT_AUTOMATED", False: "AUTOMATED_DECISION_FULLY", None: ""}
JUDGED = {True: "; a person decided", False: "; nobody reviewed it", None: ""}
DAY = "%Y-%m-%d 00:00:00"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "groundswell")


class StatementFile:
    """A row for each post or account on which an action falls; rules for the whole app fall on nobody and have none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows: list[dict[str, str]] = []
        self.open: dict[tuple[str, str, int, int], dict[str, str]] = {}  # restrictions that have not ended

    def begin(self, model: CampaignModel) -> None:
        """Take the name of the world. Raises ScenarioError where a policy has a reason that no statement can give."""
        rules = model.rules
        for name, policy in rules.moderation.policies.items():
            if reason_of(policy) not in REASONS:
                raise ScenarioError(
                    f"policy {name}: reason {shown(reason_of(policy))} given, allowed {', '.join(REASONS)}"
                )
        self.key = name_of(repr(replace(rules, asked=None)))
        self.world = f"{rules.name}-{rules.campaign.name}-{rules.moderation.name}-{rules.seed}"

    def note(self, model: CampaignModel) -> None:
        """Read what moderation decided in the hour that has passed."""
        when = moment(model, model.world.hour)
        for request in model.decided:
            for action in ENDS.get(request.action, ()):
                ended = self.open.pop((request.policy, action, request.account, request.post), None)
                if ended is not None:
                    ended[f"end_date_{'account' if action == 'suspend' else 'visibility'}_restriction"] = when.strftime(
                        DAY
                    )
            if is_sanction(request):
                row = self._row(request, model, when)
                self.rows.append(row)
                self.open[request.policy, request.action, request.account, request.post] = row

    def finish(self, model: CampaignModel) -> None:
        """Write the statements in the order of decisions."""
        write_csv(self.path, pd.DataFrame(self.rows, columns=list(COLUMNS), dtype="object").fillna(""))

    def drop(self) -> None:
        """Nothing was written."""

    def _row(self, request: Request, model: CampaignModel, when: pd.Timestamp) -> dict[str, str]:
        """One statement; columns that are not named are empty."""
        whom = f"account-{request.account}" if request.account >= 0 else f"post-{request.post}"
        by_person = was_judged(request, model.suspicion)
        policy = model.rules.moderation.policies.get(request.policy)
        return {
            "uuid": str(uuid.uuid5(NAMESPACE, f"{self.key}-{len(self.rows) + 1}")),
            **restriction(request),
            **reasons(request.policy, policy),
            **content(request, model),
            "application_date": when.strftime(DAY),
            "decision_facts": f"{request.policy} asked to {request.action}{JUDGED[by_person]}",
            "automated_decision": AUTOMATED[by_person],
            "platform_name": "Groundswell, a model world",
            "platform_uid": f"{self.world}-{len(self.rows) + 1}-{whom}",
            "created_at": when.strftime("%Y-%m-%d %H:%M:%S"),
        }


def was_judged(request: Request, suspicion: Suspicion) -> bool | None:
    """Whether a person decided; of a post that waited, the desk was asked about the wait. None where a desk counts its reviews and
    does not say of what."""
    if request.action in AUTOMATIC:
        return False
    if suspicion.reviews and not suspicion.judged:
        return None
    return any(
        (request.policy, action, request.account, request.post) in suspicion.judged
        for action in (request.action, "hold")
    )


def reason_of(policy: Policy | None) -> str:
    """Why a policy acts; a class that is none of ours may not say, and a desk by itself acts by the rules."""
    return str(getattr(policy, "reason", REASONS[0]))


def restriction(request: Request) -> dict[str, str]:
    """What was decided."""
    if request.action == "suspend":
        return {"decision_account": "DECISION_ACCOUNT_SUSPENDED"}
    visibility = VISIBILITY[request.action]
    other = {"decision_visibility_other": OTHER_VISIBILITY} if visibility == "OTHER" else {}
    return {"decision_visibility": json.dumps([f"DECISION_VISIBILITY_{visibility}"]), **other}


def reasons(name: str, policy: Policy | None) -> dict[str, str]:
    """On what grounds. policy: None where a desk acted by itself, as for too many strikes."""
    reason = reason_of(policy)
    category, keywords = CATEGORIES[reason]
    said = {
        "decision_ground": f"DECISION_GROUND_{'ILLEGAL' if reason == 'unlawful' else 'INCOMPATIBLE'}_CONTENT",
        "category": f"STATEMENT_CATEGORY_{category}" if category else "",
        "category_specification": json.dumps(list(keywords)) if keywords else "",
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION" if reason == "reported" else "SOURCE_VOLUNTARY",
        "automated_detection": "No" if reason == "reported" else "Yes",
    }
    if reason != "unlawful":
        said |= {"incompatible_content_ground": name, "incompatible_content_explanation": explained(policy)}
    return said


def explained(policy: Policy | None) -> str:
    """The first paragraph that a policy says of itself; of a class without any, dataclasses write its signature, which says nothing."""
    if policy is None:
        return "Too many posts of the account were acted on."
    said = " ".join(inspect.cleandoc(type(policy).__doc__ or "").split("\n\n")[0].split())
    return "" if said.startswith(f"{type(policy).__name__}(") else said


def content(request: Request, model: CampaignModel) -> Mapping[str, str]:
    """On what it falls: a post, which is a video where people watch, or an account."""
    platform = model.world.platform
    if request.account >= 0:
        kind, other, hour = "OTHER", "account", int(platform.accounts.registered[request.account])
    else:
        row = request.post - platform.first
        is_video = isinstance(model.rules.audience, Audience)
        kind, other = ("VIDEO", "") if is_video else ("OTHER", "message")
        if row < 0:  # it has retired since it was flagged
            return {"content_type": json.dumps([f"CONTENT_TYPE_{kind}"]), "content_type_other": other}
        hour = int(platform.posts.hour[row])
    return {
        "content_type": json.dumps([f"CONTENT_TYPE_{kind}"]), "content_type_other": other,
        "content_date": moment(model, hour).strftime(DAY),
    }  # fmt: skip


def moment(model: CampaignModel, hour: int) -> pd.Timestamp:
    """The beginning of an hour of the world."""
    return pd.Timestamp(model.clock.day_of(hour)) + timedelta(hours=hour % 24)
