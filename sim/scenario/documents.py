"""The one door through which YAML comes in: plain data of bounded size, or one message that names the file.

What a file says is checked after YAML's escapes and aliases, since what runs is its meaning and not its text.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.scenario.schema import ScenarioError

BYTES_MOST = 100_000  # of one file
DEPTH_MOST = 20  # lists and mappings inside each other
NODES_MOST = 10_000  # values, keys, lists and mappings of one file, with its aliases written out
FLOAT = "tag:yaml.org,2002:float"
OTHERWISE = (FLOAT, "tag:yaml.org,2002:timestamp")  # what YAML 1.1 reads as these, and its users do not mean
NUMBER = re.compile(
    r"[-+]?(\d[\d_]*\.[\d_]*|\.\d[\d_]*|\d[\d_]*(?=[eE]))([eE][-+]?\d+)?$|[-+]?\.(inf|Inf|INF)$|\.(nan|NaN|NAN)$"
)
FILE = re.compile(r"[A-Za-z0-9][\w-]{0,63}", re.ASCII)  # a name that may become one of a file
FORMULA = ("${", "???")  # what would be looked up when a scenario is composed


class _Plain(yaml.SafeLoader):
    """YAML as plain data, with numbers such as 1e6, and dates as they are written."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag not in OTHERWISE]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver(FLOAT, NUMBER, list("-+0123456789."))


def read_document(path: Path, within: Path | None = None) -> tuple[Any, str]:
    """What a YAML file says, None where it says nothing, and its text.

    within: a folder that the file may not lead out of. Raises ScenarioError.
    """
    content = read_text(path, within)
    return parsed(content, str(path)), content


def read_text(path: Path, within: Path | None = None) -> str:
    """The text of a file of bounded size that is one: no folder, device or pipe, and no link that leads out of a folder."""
    if within is not None and not path.resolve().is_relative_to(within.resolve()):
        raise ScenarioError(f"{path}: refused; it leads out of {within}")
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would be waited for
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ScenarioError(f"{path}: given, allowed a file")
            content = stream.read(BYTES_MOST + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: cannot be read: it is no text in UTF-8") from None
    if len(content) > BYTES_MOST:
        raise ScenarioError(f"{path}: more than {BYTES_MOST:,} bytes given, allowed so many at most")
    return text


def parsed(content: str, where: str) -> Any:
    """The plain data of a YAML text. where: names it in messages. Raises ScenarioError."""
    try:
        _check_size(content, where)
        document = yaml.load(content, Loader=_Plain)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ScenarioError(f"{where}{line}: broken YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise ScenarioError(f"{where}: broken YAML: {' '.join(str(error).split())[:160]}") from None
    except (ValueError, TypeError, OverflowError, AttributeError) as error:  # of a value that is not what its tag says
        raise ScenarioError(f"{where}: broken YAML: a value that cannot be read ({str(error)[:80]})") from None
    check_plain(document, "", where)
    return document


@dataclass
class _Open:
    """A list or mapping that is being read: how many nodes so far, and its keys if it is a mapping."""

    anchor: str | None
    is_mapping: bool
    nodes: int = 1
    children: int = 0
    keys: set[str] = field(default_factory=set)


def _check_size(content: str, where: str) -> None:
    """Size and depth with aliases written out, and no key twice; told from the events of the parser, before anything is built."""
    inside, sizes = [_Open(None, False)], dict[str, int]()
    for event in yaml.parse(content, Loader=_Plain):
        line = f"{where}, line {event.start_mark.line + 1}" if event.start_mark else where
        if isinstance(event, yaml.CollectionEndEvent):
            ended = inside.pop()
            inside[-1].nodes += ended.nodes
            if ended.anchor:
                sizes[ended.anchor] = ended.nodes
        elif isinstance(event, yaml.NodeEvent):
            parent = inside[-1]
            is_key, parent.children = parent.is_mapping and parent.children % 2 == 0, parent.children + 1
            if isinstance(event, yaml.CollectionStartEvent):
                inside.append(_Open(event.anchor, isinstance(event, yaml.MappingStartEvent)))
            elif isinstance(event, yaml.AliasEvent):
                if event.anchor not in sizes:
                    raise ScenarioError(f"{line}: *{event.anchor} given, which is not there or holds itself")
                parent.nodes += sizes[event.anchor]
            elif isinstance(event, yaml.ScalarEvent):
                parent.nodes += 1
                if event.anchor:
                    sizes[event.anchor] = 1
                if is_key and event.value in parent.keys:
                    raise ScenarioError(f"{line}: {event.value[:60]} is given twice, allowed once")
                if is_key:
                    parent.keys.add(event.value)
        if len(inside) > DEPTH_MOST:
            raise ScenarioError(f"{line}: allowed are at most {DEPTH_MOST} lists and mappings inside each other")
        if sum(part.nodes for part in inside) > NODES_MOST:
            raise ScenarioError(f"{line}: allowed are at most {NODES_MOST:,} values, with aliases written out")


def check_plain(node: Any, key: str, where: str) -> None:
    """Mappings with names for keys, lists, texts, numbers, true, false and null; no text that would be looked up."""
    at = f"{where}: {key}" if key else where
    if isinstance(node, Mapping):
        for name, value in node.items():
            if not isinstance(name, str) or not name:
                raise ScenarioError(f"{at}: key {name!r} given, allowed are names (in quotes where they are no text)")
            _check_text(name, at)
            check_plain(value, f"{key}.{name}" if key else name, where)
    elif isinstance(node, list | tuple):
        for number, value in enumerate(node):
            check_plain(value, f"{key}[{number}]", where)
    elif isinstance(node, str):
        _check_text(node, at)
    elif not (node is None or isinstance(node, bool | int | float)):
        raise ScenarioError(f"{at}: {type(node).__name__} given, allowed are texts, numbers, lists and mappings")


def _check_text(text: str, at: str) -> None:
    """Nothing that composing would look up elsewhere."""
    if FORMULA[0] in text:
        raise ScenarioError(f"{at}: refused; a scenario may not use resolvers (${{...}})")
    if text == FORMULA[1]:
        raise ScenarioError(f"{at}: {text} given, allowed is a value")
