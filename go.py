#!/usr/bin/env python3
"""Set Groundswell up and run it, or set it up and test it.

    python3 go.py run [OVERRIDE ...]      the main job: Romania 2024, paired arms, a report in outputs/
    python3 go.py lab [ARG ...]           the lab, in a browser on this machine (groundswell lab gets ARG, such as --port 8765)
    python3 go.py test [--slow] [ARG ...] ruff, mypy, pytest (which gets ARG; --slow adds slow tests)
    python3 go.py bench [ARG ...]         the benchmarks (pytest gets ARG), then a report of how fast the model is
                                          (which gets --users N, --large, --renew and --json FILE; see docs/PERFORMANCE.md)
    python3 go.py setup [lab]             only set up; with `lab` the notebook as well

Any Python 3.8 or newer starts this file. It looks for the 3.12 or newer that Mesa needs, makes `.venv` with
it and installs what requirements.lock names, each file checked against its hash. A second call finds that
done and goes straight to work. GROUNDSWELL_PYTHON=/path/to/python chooses the interpreter.
"""

from __future__ import annotations

import contextlib
import difflib
import glob
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple, NoReturn, Sequence

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
STAMP = "set-up-is-whole.json"  # written last: without it an environment counts as half made
MARK = "made-by-go.py"  # written first: only an environment that carries it is ever removed
LOCKS = {"": "requirements.lock", "lab": "requirements-lab.lock"}
FIRST = ("pip", "setuptools")  # must be there before the packages that come as source only
OLDEST = (3, 12)
NEWEST_LOCKED = (3, 14)  # the lock has wheels up to here; a newer Python is taken only if there is no other
WINDOWS = os.name == "nt"

PROBE = """
import ctypes, ensurepip, json, platform, ssl, sys, sysconfig, venv, zlib
usable = platform.python_implementation() == "CPython" and sys.maxsize > 2**32
usable = usable and sys.version_info.releaselevel == "final"
usable = usable and not sysconfig.get_config_var("Py_GIL_DISABLED")
path = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps({"version": list(sys.version_info[:3]), "path": path, "usable": usable}))
"""


class GoError(Exception):
    """Why it cannot go on, in words for the user, and the exit status."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


class Interpreter(NamedTuple):
    """A Python that was actually run, and answered."""

    version: tuple[int, int, int]
    path: str

    @property
    def name(self) -> str:
        """The version as people write it."""
        return ".".join(map(str, self.version))


# Which Python


def candidates(environment: dict[str, str], windows: bool = WINDOWS) -> list[list[str]]:
    """Commands that may be a Python, working or not: what is asked for, the search path, usual places."""
    asked = environment.get("GROUNDSWELL_PYTHON")
    if asked:
        return [[asked]]
    minors = range(20, OLDEST[1] - 1, -1)
    names = [f"python3.{minor}" for minor in minors] + ["python3", "python"]
    commands = [[sys.executable]] + [[name] for name in names]
    if windows:
        commands += [["py", f"-3.{minor}"] for minor in minors]
    return commands + [
        [path]
        for pattern in usual_places(environment, windows)
        for path in sorted(glob.glob(pattern))  # noqa: PTH207 (whole patterns)
    ]


def usual_places(environment: dict[str, str], windows: bool) -> list[str]:
    """Patterns of paths where installers and version managers put a Python."""
    home = environment.get("USERPROFILE" if windows else "HOME") or str(Path("~").expanduser())
    if windows:
        local = environment.get("LOCALAPPDATA", home + "/AppData/Local")
        programs = environment.get("PROGRAMFILES", "C:/Program Files")
        managed = environment.get("APPDATA", home + "/AppData/Roaming") + "/uv/python/*/python.exe"
        return [
            local + "/Programs/Python/Python3*/python.exe",
            programs + "/Python3*/python.exe",
            home + "/.pyenv/pyenv-win/versions/*/python.exe",
            managed,
        ]
    pyenv = environment.get("PYENV_ROOT", home + "/.pyenv")
    folders = [pyenv + "/versions/*/bin", home + "/.local/share/uv/python/*/bin", home + "/.local/bin"]
    folders += [home + "/.asdf/installs/python/*/bin", home + "/.local/share/mise/installs/python/*/bin"]
    folders += [home + "/*conda3/bin", home + "/*conda3/envs/*/bin", home + "/miniforge3/bin"]
    folders += ["/usr/local/bin", "/usr/bin", "/opt/*/bin", "/opt/python/*/bin", "/opt/homebrew/bin"]
    folders += ["/Library/Frameworks/Python.framework/Versions/*/bin"]
    return [folder + "/python3" + end for folder in folders for end in ("", ".1[2-9]")]


def probe(command: Sequence[str]) -> Interpreter | None:
    """Run the command; nothing if it is no Python that can make an environment (a shim, say)."""
    try:
        ran = subprocess.run(
            [*command, "-I", "-c", PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=30,
            check=True,
        )
        answer = json.loads(ran.stdout.decode())
        major, minor, micro = answer["version"]
        return Interpreter((major, minor, micro), answer["path"]) if answer["usable"] else None
    except (OSError, ValueError, KeyError, TypeError, subprocess.SubprocessError):
        return None


def choose(found: Iterable[Interpreter]) -> Interpreter | None:
    """The newest that the lock knows; if there is none, the oldest that is newer still."""
    enough = [one for one in found if one.version[:2] >= OLDEST]
    known = [one for one in enough if one.version[:2] <= NEWEST_LOCKED]
    if known:
        return max(known, key=lambda one: one.version)
    return min(enough, key=lambda one: one.version, default=None)


def find_python() -> Interpreter:
    """The Python to build with, or words on how to get one."""
    found: dict[str, Interpreter] = {}
    tried = set()
    for command in candidates(dict(os.environ)):
        path = shutil.which(command[0])
        if not path:
            continue
        # One shim script answers differently to each name; other links are the file that they lead to.
        key = (path if "shims" in Path(path).parts else os.path.realpath(path), *command[1:])
        if key in tried:
            continue
        tried.add(key)
        answer = probe([path, *command[1:]])
        if answer:
            found.setdefault(answer.path, answer)
    best = choose(found.values())
    if best:
        return best
    raise GoError(how_to_get_python(sorted({one.name for one in found.values()})))


def how_to_get_python(seen: Sequence[str]) -> str:
    """The message for a machine without a Python that is new enough."""
    ways = {
        "Windows": "winget install Python.Python.3.13",
        "Darwin": "brew install python@3.13",
    }.get(platform.system(), "apt install python3.13 python3.13-venv (or dnf install python3.13)")
    return (
        "Groundswell needs Python 3.12 or newer, with venv and ensurepip. "
        f"Found: {', '.join(seen) or 'none that works'}.\n"
        f"Get one with: {ways}\n  or: pyenv install 3.13\n  or: uv python install 3.13\n"
        "Then run this command again; or set GROUNDSWELL_PYTHON to the path of the interpreter."
    )


# The environment and its stamp


def program(name: str) -> Path:
    """Where the environment keeps a command."""
    return ENVIRONMENT / ("Scripts" if WINDOWS else "bin") / (name + (".exe" if WINDOWS else ""))


def fingerprint(root: Path, python: str, extras: Iterable[str]) -> str:
    """What an installation depends on: locks, pyproject, Python, and the place, which its scripts name."""
    digest = hashlib.sha256()
    for name in ["pyproject.toml", *(LOCKS[extra] for extra in sorted({"", *extras}))]:
        # Line ends are no difference: git may write them otherwise on another machine.
        digest.update(name.encode() + b"\0" + (root / name).read_bytes().replace(b"\r\n", b"\n") + b"\0")
    digest.update(f"{python}\0{root}".encode())
    return digest.hexdigest()


def python_of(environment: Path) -> str:
    """The version that an environment says it was made with; empty if it does not say."""
    with contextlib.suppress(OSError):
        found = re.search(r"^version(?:_info)? *= *(\S+)", (environment / "pyvenv.cfg").read_text("utf-8"), re.M)
        return found.group(1) if found else ""
    return ""


def extras_in_place(root: Path, environment: Path) -> list[str] | None:
    """The extras of an environment that is whole and up to date, or nothing if it is not."""
    try:
        stamp = json.loads((environment / STAMP).read_text("utf-8"))
        extras = [str(extra) for extra in stamp["extras"]]
        same = stamp["fingerprint"] == fingerprint(root, python_of(environment), extras)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return extras if same else None


def write_stamp(root: Path, environment: Path, extras: Iterable[str]) -> None:
    """Say that the environment is whole. The file appears whole or not at all."""
    stamp = {"fingerprint": fingerprint(root, python_of(environment), extras), "extras": sorted(extras)}
    draft = environment / (STAMP + ".part")
    draft.write_text(json.dumps(stamp), "utf-8")
    draft.replace(environment / STAMP)


def blocks(lock: str, names: Iterable[str]) -> str:
    """The requirements of these names out of a lock, with their hashes."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==((?:.*\\\n)*.*\n)", lock, re.M)
    return "".join(name + "==" + rest for name, rest in found if name in set(names))


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let one set-up run at a time; the system frees the lock however a process ends.

    A pip that outlives a killed go.py inherits the lock, so that nothing is removed under its hands.
    """
    with (ROOT / ".venv.lock").open("a+b") as handle:
        if WINDOWS:
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            os.set_inheritable(handle.fileno(), True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def say(text: str) -> None:
    """Tell the user on stderr: stdout belongs to the command that is run."""
    print(text, file=sys.stderr, flush=True)


def install(*arguments: str) -> None:
    """Call the environment's pip, free of settings that would send packages elsewhere."""
    elsewhere = ("PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIREMENT", "PYTHONPATH", "PYTHONHOME")
    clean = {key: value for key, value in os.environ.items() if key not in elsewhere}
    clean["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    pip = [str(program("python")), "-m", "pip", "install", "-qq", "--no-input"]
    heard = sys.stderr.fileno()  # stdout belongs to the command that is run
    if subprocess.call([*pip, *arguments], cwd=str(ROOT), env=clean, stdout=heard, close_fds=False) != 0:
        raise GoError("Set-up stopped: pip could not install (its reason is above). The next call starts afresh.")


def make_environment(python: Interpreter) -> None:
    """An empty environment in `.venv`, in place of a half-made or outdated one of ours."""
    if ENVIRONMENT.exists() and any(ENVIRONMENT.iterdir()):
        if not (ENVIRONMENT / MARK).exists():
            raise GoError(f"{ENVIRONMENT} is there, but go.py did not make it. Move or remove it, then try again.")
        (ENVIRONMENT / STAMP).unlink(missing_ok=True)
        # The mark goes last, so that a removal that is cut short can be taken up again.
        for entry in ENVIRONMENT.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(str(entry))
            elif entry.name != MARK:
                entry.unlink()
    ENVIRONMENT.mkdir(exist_ok=True)
    (ENVIRONMENT / MARK).touch()
    if subprocess.call([python.path, "-m", "venv", str(ENVIRONMENT)], stdout=sys.stderr.fileno()) != 0:
        raise GoError(f"Set-up stopped: Python {python.name} ({python.path}) could not make an environment.")


def set_up(extras: Iterable[str] = ()) -> None:
    """Bring `.venv` to what the lock says; nothing to do where that is so already."""
    present = extras_in_place(ROOT, ENVIRONMENT)
    if present is not None and set(extras) <= set(present) and program("python").exists():
        return
    with alone():
        present = extras_in_place(ROOT, ENVIRONMENT)  # another call may have done it meanwhile
        if present is None or not program("python").exists():
            python = find_python()
            say(f"Setting up .venv with Python {python.name}: a minute or two, this once.")
            make_environment(python)
            install_locked("")
            install("--no-deps", "--no-build-isolation", "--editable", ".")
            present = []
        wanted = sorted({*present, *extras})
        (ENVIRONMENT / STAMP).unlink(missing_ok=True)
        for extra in sorted(set(wanted) - set(present)):
            say(f"Adding {extra}.")
            install_locked(extra)
        write_stamp(ROOT, ENVIRONMENT, wanted)


def install_locked(extra: str) -> None:
    """Install what one lock names and nothing else, each file checked against its hash."""
    if not extra:
        first = ENVIRONMENT / "first.lock"
        first.write_text(blocks((ROOT / LOCKS[""]).read_text("utf-8"), FIRST), "utf-8")
        install("--require-hashes", "--no-deps", "-r", str(first))
    install("--require-hashes", "--no-build-isolation", "-r", LOCKS[extra])


# The commands


def call(command: Sequence[str], cwd: Path | None = None) -> int:
    """Run to the end, also through Ctrl-C, which the command hears as well; its exit status."""
    process = subprocess.Popen(list(command), cwd=str(cwd) if cwd else None)
    while True:
        try:
            status = process.wait()
            return status if status >= 0 else 128 - status
        except KeyboardInterrupt:
            continue


def run_arguments(rest: Sequence[str]) -> list[str]:
    """What groundswell is called with: the main job, unless another scenario is named."""
    named = any(argument.startswith("scenario=") for argument in rest)
    return ["compare", *([] if named else ["scenario=romania_2024"]), *rest]


def pytest_arguments(rest: Sequence[str]) -> list[str]:
    """What pytest is called with: `--slow` takes the slow tests in; all else is pytest's own."""
    others = [argument for argument in rest if argument != "--slow"]
    return [*(["-m", "not benchmark"] if "--slow" in rest else []), *others]


def test(rest: Sequence[str]) -> int:
    """Every check, also after one has failed; pytest comes last, so that its closing line does."""
    python = str(program("python"))
    checks = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy", "sim", "analysis"]]
    failed = []
    for check in checks:
        say("$ " + " ".join(check))
        if call([python, "-m", *check], ROOT) != 0:
            failed.append(" ".join(check))
    if failed:
        say(f"Failed: {', '.join(failed)} (the tests follow; the exit status will be 1)")
    status = call([python, "-m", "pytest", *pytest_arguments(rest)], ROOT)
    return status or (1 if failed else 0)


def bench_arguments(rest: Sequence[str]) -> tuple[list[str], list[str]]:
    """What the report is called with, and what pytest is."""
    report: list[str] = []
    others = list(rest)
    for name, size in (("--users", 2), ("--json", 2), ("--large", 1), ("--renew", 1)):
        if name in others:
            place = others.index(name)
            report += others[place : place + size]
            del others[place : place + size]
    return report, others


def bench(rest: Sequence[str]) -> int:
    """The benchmarks of kernel, hour and run, then the report."""
    python, (report, others) = str(program("python")), bench_arguments(rest)
    status = call([python, "-m", "pytest", "-m", "benchmark", *others], ROOT)
    return status or call([python, "-m", "tests.benchmarks.report", *report], ROOT)


def main(arguments: Sequence[str]) -> int:
    """Read the command, set up, do it."""
    commands = ("run", "lab", "test", "bench", "setup")
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0 if arguments else 2
    command, rest = arguments[0], list(arguments[1:])
    if command not in commands:
        near = difflib.get_close_matches(command, commands, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise GoError(f"Unknown command {command!r}; allowed: {', '.join(commands)}.{hint}", 2)
    if command == "setup" and not set(rest) <= {"lab"}:
        raise GoError(f"setup {' '.join(rest)}: allowed is `setup`, or `setup lab`.", 2)
    set_up(rest if command == "setup" else ())
    if command == "run":
        return call([str(program("groundswell")), *run_arguments(rest)])
    if command == "lab":
        return call([str(program("groundswell")), "lab", *rest])
    if command == "test":
        return test(rest)
    if command == "bench":
        return bench(rest)
    say(f"Set up. The command is {program('groundswell').relative_to(ROOT)}")
    return 0


def start() -> NoReturn:
    """Exit with an honest status and one message, without a traceback."""
    try:
        sys.exit(main(sys.argv[1:]))
    except GoError as error:
        say(str(error))
        sys.exit(error.status)
    except KeyboardInterrupt:
        say("Interrupted. The same command goes on from here.")
        sys.exit(130)


if __name__ == "__main__":
    start()
