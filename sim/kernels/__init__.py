"""Compiled loops: plain arrays in and out, no project types. Each has a slow twin in tests/reference.

Compiled code is kept in a folder named after the text of everything that kernels are made of: numba itself asks only
whether the file of a kernel changed, not the files that its parts come from, and would go on with old code.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import numba


def fingerprint(sources: Iterable[Path]) -> str:
    """A short name for the text of some files."""
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def is_compiled() -> bool:
    """Whether compiled code of these sources was kept before."""
    return any(Path(getattr(numba.config, "CACHE_DIR")).rglob("*.nbc"))  # noqa: B009 - numba's types do not list it


_HERE = Path(__file__).parent
_SOURCES = sorted([*_HERE.glob("*.py"), *(_HERE.parent / "numbers").glob("*.py")])
_KEPT = Path(getattr(numba.config, "CACHE_DIR", "") or _HERE / "__pycache__")
setattr(numba.config, "CACHE_DIR", str(_KEPT / fingerprint(_SOURCES)))  # noqa: B010 - numba's types do not list it
