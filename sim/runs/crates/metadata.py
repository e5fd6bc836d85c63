"""The metadata of a crate: RO-Crate 1.3 (https://w3id.org/ro/crate/1.3), one JSON-LD file that is written here.

It is plain JSON of some twenty entities; the package rocrate would bring five others to write it, and checks nothing of it.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote

VERSION = "https://w3id.org/ro/crate/1.3"
DATA_LICENCE, CODE_LICENCE = "https://creativecommons.org/licenses/by/4.0/", "https://spdx.org/licenses/MIT"
CITATION = "CITATION.cff"
KINDS = {
    ".parquet": "application/vnd.apache.parquet", ".csv": "text/csv", ".json": "application/json", ".yaml": "application/yaml",
    ".html": "text/html", ".svg": "image/svg+xml", ".png": "image/png", ".md": "text/markdown", ".cff": "application/yaml",
    ".graphml": "application/graphml+xml",
}  # fmt: skip
MEANING = {  # what files are; docs/DATA.md says what their columns mean
    "config.yaml": "the composed scenario", "manifest.json": "versions, arms, seeds, units and the digest of all results",
    "runs.parquet": "one row a world", "series.parquet": "one row a day, measure and candidate of a world",
    "estimates.parquet": "estimates with their intervals", "report.html": "the report", CITATION: "how to cite the software",
    "events.parquet": "every engagement, in the columns of coordination detectors",
}  # fmt: skip


class Packed(NamedTuple):
    """A file of a crate."""

    name: str
    size: int  # bytes
    sha256: str


def metadata(manifest: Mapping[str, Any], kind: str, files: Sequence[Packed], made_from: Sequence[str],
             plug_ins: Sequence[str], crate: str, day: str) -> dict[str, Any]:  # fmt: skip
    """The document. kind: run or compare; made_from: files that results are made from; crate: its own name; day: when it was packed."""
    repeat = " ".join([f"groundswell repeat {crate}", *(f"--trust {module}" for module in plug_ins)])
    title = manifest.get("title", manifest["scenario"])
    missing = f" It needs plug-ins that it does not hold: {', '.join(plug_ins)}." if plug_ins else ""
    root = {
        "@id": "./", "@type": "Dataset", "name": f"{title} (groundswell {kind})",
        "description": f"Results of Groundswell, a model world; no evidence about any real account, campaign or vote. "
        f"`{repeat}` makes them again and says whether their digest is the same.{missing}",
        "datePublished": day, "license": {"@id": DATA_LICENCE}, "identifier": {"@id": "#digest"},
        "hasPart": [{"@id": quote(file.name)} for file in files], "mentions": [{"@id": "#made"}, {"@id": "#repeat"}],
    }  # fmt: skip
    return {"@context": f"{VERSION}/context", "@graph": [
        {"@id": "ro-crate-metadata.json", "@type": "CreativeWork", "conformsTo": {"@id": VERSION}, "about": {"@id": "./"}},
        root, *(_file(file) for file in files),
        {"@id": "#digest", "@type": "PropertyValue", "propertyID": "digest", "name": "digest of all results", "value": manifest["digest"]},
        *_actions(manifest, kind, files, made_from, repeat), *_software(manifest["versions"]), *_licences(),
    ]}  # fmt: skip


def _file(file: Packed) -> dict[str, Any]:
    path = PurePosixPath(file.name)
    said = {"description": MEANING[file.name]} if file.name in MEANING else {}
    return {
        "@id": quote(file.name), "@type": "File", "name": path.name, **said, "contentSize": str(file.size), "sha256": file.sha256,
        "encodingFormat": KINDS.get(path.suffix, "application/octet-stream"),
    }  # fmt: skip


def _actions(
    manifest: Mapping[str, Any], kind: str, files: Sequence[Packed], made_from: Sequence[str], repeat: str
) -> list[dict[str, Any]]:
    """How it was made, and how it is made again."""
    sources = [{"@id": quote(name)} for name in made_from]
    results = [{"@id": quote(file.name)} for file in files if file.name not in (*made_from, CITATION)]
    made = str(manifest.get("command", f"groundswell {kind}, of the scenario in config.yaml"))
    about = {"@type": "CreateAction", "instrument": {"@id": "#groundswell"}, "object": sources}
    return [
        {"@id": "#made", "name": "How it was made", **about, "description": made, "result": results,
         "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"}},
        {"@id": "#repeat", "name": "How it is made again", **about, "description": repeat,
         "actionStatus": {"@id": "http://schema.org/PotentialActionStatus"}},
    ]  # fmt: skip


def _software(versions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Groundswell and what it computed with."""
    others = {name: f"#{name}" for name in versions if name != "groundswell"}
    contributors = {"@id": "#contributors", "@type": "Organization", "name": "Groundswell contributors"}
    own = {
        "@id": "#groundswell", "@type": "SoftwareApplication", "name": "Groundswell", "version": str(versions.get("groundswell", "")),
        "license": {"@id": CODE_LICENCE}, "author": {"@id": contributors["@id"]}, "citation": {"@id": CITATION},
        "softwareRequirements": [{"@id": at} for at in others.values()],
    }  # fmt: skip
    parts = [
        {"@id": at, "@type": "SoftwareApplication", "name": name, "version": str(versions[name])}
        for name, at in others.items()
    ]
    return [own, contributors, *parts]


def _licences() -> list[dict[str, Any]]:
    data = "The results may be shared and adapted with attribution."
    return [
        {"@id": DATA_LICENCE, "@type": "CreativeWork", "name": "CC BY 4.0", "description": data},
        {
            "@id": CODE_LICENCE,
            "@type": "CreativeWork",
            "name": "MIT License",
            "description": "The licence of the software.",
        },
    ]
