"""Run `groundswell sweep` with workers that are jobs of Slurm: one process, one thread and one family at a time each.

    python docs/cluster/slurm.py --jobs 20 --out /shared/sweep scenario=classroom campaign.budget=range(0,1e6,5)

What is not said here goes to `groundswell sweep` as it stands. Jobs come as there is work, and end when there is none. Needs
`pip install dask-jobqueue`; the folder of --out, this environment and Slurm's commands must be there on the nodes too.
"""

import argparse
import json
import math
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

COMMAND = (str(Path(sys.executable).parent / "groundswell"), "sweep")
SETTINGS = Path(__file__).with_name("dask.yaml")
GIGABYTE = 1e9
PROGRAM, ROOM = 1.0e9, 2.0  # bytes of a worker before it computes; what a family may take to what is calculated
LOOKS, IDLE_LOOKS = "5s", 12  # how often Dask looks whether jobs are wanted, and in vain before it ends one
# bytes that a job has beside its worker, so that Dask ends a worker which grows before Slurm ends the job
NANNY = 0.5e9


def options_of(words: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Options of this script, and the words of the sweep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--jobs", type=int, default=10, help="at the most, at once; 10 unless given")
    parser.add_argument("--memory", type=float, help="gigabytes of a family; else by calculation")
    parser.add_argument("--time", default="04:00:00", help="of a job; many families should fit in it")
    parser.add_argument("--partition", help="else the default of the cluster")
    parser.add_argument("--account", help="whom the hours are counted to")
    parser.add_argument("--interface", help="network between this machine and the nodes, such as ib0")
    parser.add_argument(
        "--directive", action="append", default=[], help="a line more for sbatch, such as --directive=--qos=low"
    )
    parser.add_argument(
        "--prologue", action="append", default=[], help="a shell line before a worker starts, such as 'module load x'"
    )
    parser.add_argument("--logs", default="slurm-logs", help="folder for what the jobs say")
    options, sweep = parser.parse_known_args(words)
    if options.jobs < 1 or (options.memory is not None and not 0 < options.memory < math.inf):
        parser.error("--jobs and --memory must be above 0")
    if any(word.startswith("engine") for word in sweep):
        parser.error("engine= is said by this script")
    return options, sweep


def memory_of(sweep: Sequence[str]) -> float:
    """Bytes that a family takes at the most, as a dry run says. Ends where the words of the sweep are wrong."""
    said = subprocess.run([*COMMAND, *sweep, "--dry-run", "--json"], capture_output=True, text=True)
    if said.returncode:
        sys.stderr.write(said.stderr)
        raise SystemExit(said.returncode)
    return float(json.loads(said.stdout)["memory"])


def job_of(options: argparse.Namespace, memory: float) -> dict[str, Any]:
    """What dask-jobqueue asks Slurm for: a worker whose limit a family fits in. memory: bytes of a family."""
    limit = PROGRAM + ROOM * memory
    return {
        "cores": 1, "processes": 1, "memory": f"{limit:.0f}B", "job_mem": f"{math.ceil((limit + NANNY) / 2**20)}M",
        "walltime": options.time, "queue": options.partition, "account": options.account, "interface": options.interface,
        "log_directory": options.logs, "job_extra_directives": options.directive,
        "job_script_prologue": [f"export DASK_CONFIG={shlex.quote(str(SETTINGS.resolve()))}", *options.prologue],
        "worker_extra_args": ["--resources", f"memory={memory:.0f}"],
    }  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Start a scheduler here, let jobs come and go, and run the sweep. Returns the status of the sweep."""
    options, sweep = options_of(words)
    memory = memory_of(sweep) if options.memory is None else options.memory * GIGABYTE
    if "--dry-run" in sweep:
        return subprocess.run([*COMMAND, *sweep]).returncode
    os.environ["DASK_CONFIG"] = str(SETTINGS)  # Dask reads it as it is imported
    from dask_jobqueue import SLURMCluster

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that jobs end with this script
    signal.signal(signal.SIGINT, signal.default_int_handler)  # dask-jobqueue has made an end with status 0 of it
    with SLURMCluster(**job_of(options, memory)) as cluster:
        cluster.adapt(minimum=0, maximum=options.jobs, interval=LOOKS, wait_count=IDLE_LOOKS)
        sys.stderr.write(f"scheduler: {cluster.scheduler_address}\n")
        engine = ["engine=dask", f"engine.address={cluster.scheduler_address}"]
        with subprocess.Popen([*COMMAND, *sweep, *engine]) as driver:
            try:
                return driver.wait()
            except KeyboardInterrupt:  # the terminal gives it to the sweep as well
                return driver.wait()
            except SystemExit:
                driver.terminate()
                raise


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
