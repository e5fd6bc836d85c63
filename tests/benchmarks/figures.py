"""The figures of a report as one plain document, and its tables as text."""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.benchmarks.c_twin import Comparison
from tests.benchmarks.measuring import PARTS, REST, Profile
from tests.benchmarks.memory import Memory
from tests.benchmarks.scaling import EVENING, Size
from tests.benchmarks.twins import TwinTimes
from tests.benchmarks.whole_model import WholeModel

Document = dict[str, Any]


def figures_of(whole: WholeModel, twins: TwinTimes, sizes: Sequence[Size], c: Comparison | None) -> Document:
    """All figures as plain values; rates are impressions a second."""
    rates = {threads: hours.rate for threads, hours in whole.hours.items()}
    walls = {threads: hours.wall_rate for threads, hours in whole.hours.items()}
    others = {**whole.loops, "plain Mesa twin, small world": twins.impressions / twins.twin,
              "engine, small world": twins.impressions / twins.engine}  # fmt: skip
    return {
        "whole_model": {
            "users": whole.users, "live_posts": whole.live_posts, "rates": rates,
            "wall_rates": walls, "threads_ratio": max(walls.items())[1] / walls[1],
        },
        "others": others,
        "ratios": {what: {threads: rate / other for threads, rate in rates.items()} for what, other in others.items()},
        "twins": {"users": twins.users, "impressions": twins.impressions, "ratio": twins.twin / twins.engine},
        "parts": {threads: parts_of(profile) for threads, profile in whole.profiles.items()},
        "kernels": {threads: kernels_of(profile) for threads, profile in whole.profiles.items()},
        "sizes": [size_of(size) for size in sizes],
        "memory": bytes_of(whole.memory),
        "c_twin": c and {"impressions": c.impressions, "numba_ns": c.numba / c.impressions * 1e9,
                         "c_ns": c.c / c.impressions * 1e9, "ratio": c.ratio},
    }  # fmt: skip


def parts_of(profile: Profile) -> Document:
    """Nanoseconds an impression and share of the time of each part, and share of the time in its compiled code."""
    seconds = {part: profile.parts[part] for part in PARTS}
    seconds[REST] = profile.total - sum(seconds.values())
    seconds["all"] = profile.total
    compiled = {**{part: profile.compiled[part] for part in (*PARTS, REST)}, "all": sum(profile.compiled.values())}
    return {
        part: {"nanoseconds": time / profile.impressions * 1e9, "share": time / profile.total,
               "compiled": compiled[part] / profile.total}
        for part, time in seconds.items()
    }  # fmt: skip


def kernels_of(profile: Profile) -> dict[str, float]:
    """Share of the time in each kernel, largest first."""
    ordered = sorted(profile.kernels.items(), key=lambda item: -item[1])
    return {name: seconds / profile.total for name, seconds in ordered}


def bytes_of(memory: Memory) -> Document:
    """Bytes a user: in use by drawer and in all, with the room that buffers keep, and of the process; bytes a post."""
    a_post = [name for name in memory.drawers if name.endswith("(posts)")]
    return {
        "users": memory.users, "live_posts": memory.posts,
        "drawers": {name: size / memory.users for name, size in memory.drawers.items()},
        "arrays": sum(memory.drawers.values()) / memory.users,
        "without_posts": sum(size for name, size in memory.drawers.items() if name not in a_post) / memory.users,
        "room": memory.room / memory.users, "process": memory.process / memory.users,
        "a_post": sum(memory.drawers[name] for name in a_post) / max(memory.posts, 1),
    }  # fmt: skip


def size_of(size: Size) -> Document:
    """One size of the world."""
    return {"users": size.users, "nanoseconds": size.cost, "repetitions": size.nanoseconds, "set_up_s": size.set_up,
            "impressions": size.impressions, "a_session": size.impressions / size.sessions, "peak_gib": size.peak / 2**30,
            "memory": bytes_of(size.memory)}  # fmt: skip


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[str]:
    """Lines of a table: the first column to the left, numbers to the right."""
    cells = [list(map(str, head)), *(list(map(shown, row)) for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    return [
        "  ".join(cell.ljust(width) if place == 0 else cell.rjust(width)
                  for place, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in cells
    ]  # fmt: skip


def shown(value: Any) -> str:
    """A number to three digits."""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def named(threads: int) -> str:
    """A number of threads in words."""
    return "1 thread" if threads == 1 else f"{threads} threads"


def speed_lines(found: Document) -> list[str]:
    """(a) to (e): the whole model beside bare loops and the twin."""
    whole, most = found["whole_model"], max(found["whole_model"]["rates"])
    lines = [
        f"Whole model, {whole['users']:,} users, {whole['live_posts']:,} live posts, last days of the campaign",
        *table(["", "impressions/s", "of"],
               [*(("1 thread", rate, "processor time") for n, rate in whole["rates"].items() if n == 1),
                *((named(n), rate, "wall time") for n, rate in whole["wall_rates"].items())]),
        f"{most} threads over 1, wall time: {whole['threads_ratio']:.2f}", "",
        "Beside it, one thread each, processor time; the last columns: how many times as fast the whole model is",
        *table(["", "impressions/s", *(f"whole model, {named(n)}" for n in whole["rates"])],
               [(what, rate, *found["ratios"][what].values()) for what, rate in found["others"].items()]),
        "Bare loops retrieve nothing, learn nothing and record nothing; those that rank score 176 posts a visitor.",
        f"Twin and engine show the same {found['twins']['impressions']:,} impressions in a world of "
        f"{found['twins']['users']:,} users: the twin takes {found['twins']['ratio']:.0f} times as long.",
        "A world so small flatters neither: most of the engine's time in it is the fixed cost of an hour.",
    ]  # fmt: skip
    return lines


def part_lines(found: Document) -> list[str]:
    """(h): where the time goes."""
    lines = []
    for count, parts in found["parts"].items():
        rows = [
            (part, row["nanoseconds"], f"{row['share']:.1%}", f"{row['compiled']:.1%}") for part, row in parts.items()
        ]
        kernels = ", ".join(f"{name} {share:.1%}" for name, share in list(found["kernels"][count].items())[:6])
        lines += [f"Where the time goes, {named(count)}, {'processor' if count == 1 else 'wall'} time",
                  *table(["", "ns/impression", "share of time", "thereof compiled"], rows), f"Kernels: {kernels}", ""]  # fmt: skip
    return lines[:-1]


def size_lines(found: Document) -> list[str]:
    """(f) and (g): cost by size, and memory."""
    hours, sizes, memory = f"hours {EVENING.start} to {EVENING.stop - 1}", found["sizes"], found["memory"]
    rows = [(f"{s['users']:,} users", s["nanoseconds"], s["nanoseconds"] / sizes[0]["nanoseconds"], len(s["repetitions"]),
             s["a_session"], s["set_up_s"], s["memory"]["arrays"], s["memory"]["process"], s["peak_gib"]) for s in sizes]  # fmt: skip
    drawers = [(name, value) for name, value in memory["drawers"].items()]
    totals = [("all arrays", memory["arrays"]), ("thereof not of posts", memory["without_posts"]),
              ("with the room of buffers", memory["room"]), ("growth of the resident set", memory["process"])]  # fmt: skip
    return [
        f"Cost by size, one thread, processor time: {hours} of the second day of a world, .09 posts a user a day (the live window is still "
        "filling)",
        *table(["", "ns/impression", "ratio", "repetitions", "posts a session", "set-up s", "array bytes/user", "process bytes/user",
                "peak GiB"], rows), "",
        f"Memory of the whole model, {memory['users']:,} users, {memory['live_posts']:,} live posts",
        *table(["", "bytes/user"], [*drawers, *totals]),
        f"A live post takes {memory['a_post']:.0f} bytes.",
    ]  # fmt: skip


def c_lines(found: Document) -> list[str]:
    """The kernel beside its twin in C."""
    c = found["c_twin"]
    if c is None:
        return ["Kernel beside C: left out, no gcc was found"]
    return [
        f"Kernel that serves and reacts beside its twin in C, one thread, processor time, {c['impressions']:,} impressions, same results",
        *table(["", "ns/impression"], [("numba", c["numba_ns"]), ("C, gcc -O3 -march=native", c["c_ns"])]),
        f"numba over C: {c['ratio']:.2f}",
    ]
