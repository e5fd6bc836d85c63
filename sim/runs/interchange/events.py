"""Every engagement, in the four columns that coordination detectors share."""

import os
import tempfile
from pathlib import Path

import numpy as np

from sim.model import CampaignModel
from sim.runs.interchange.base import opening_second
from sim.runs.recording import PART
from sim.world.platform import VERBS

COLUMNS = {"object_id": "string", "account_id": "int64", "content_id": "int64", "timestamp_share": "int64"}


class EventFile:
    """Engagement, written hour by hour.

    object_id says what was done to which post, content_id numbers the act, timestamp_share is in seconds since 1970.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self.part: Path | None = None

    def begin(self, model: CampaignModel) -> None:
        """Open the file beside its place."""
        import pyarrow
        import pyarrow.parquet

        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.", suffix=PART)
        os.close(handle)
        self.part, self.opened = Path(name), opening_second(model.rules)
        self.schema = pyarrow.schema(list(COLUMNS.items()))
        self.writer = pyarrow.parquet.ParquetWriter(self.part, self.schema)

    def note(self, model: CampaignModel) -> None:
        """Append the acts of the hour that has passed."""
        import pyarrow

        log, hour = model.world.platform.log[-1], model.world.hour - 1
        objects = np.char.add(np.char.add(np.array(VERBS)[log.verb], ":"), log.post.astype(str))
        number = self.count + np.arange(len(log.account))
        when = self.opened + 3600 * hour + log.second.astype(np.int64)
        columns = [pyarrow.array(x) for x in (objects, log.account.astype(np.int64), number, when)]
        self.writer.write_table(pyarrow.table(columns, schema=self.schema))
        self.count += len(log.account)

    def finish(self, model: CampaignModel) -> None:
        """Close the file and move it to its place."""
        self.writer.close()
        if self.part is not None:
            self.part.chmod(0o644)
            self.part.replace(self.path)

    def drop(self) -> None:
        """Close it, and take it away."""
        if self.part is not None:
            self.writer.close()
            self.part.unlink(missing_ok=True)
