"""The child: reads requests from its standard input until that ends, and answers each.

Started by ``child`` with nothing inherited but the paths to import from. Whatever a job raises
becomes an answer; the parent decides whether this process may live on.
"""

from __future__ import annotations

import json
import os
import signal
import warnings
from pathlib import Path
from typing import Any, BinaryIO

from imagery.errors import PhotoError, printable
from imagery.photo.sandbox import jobs, wire
from imagery.photo.sandbox.limits import ALARM_MARGIN_S, set_limits

_MOST_MESSAGE = 1_000


def main() -> None:
    """Serve until the parent closes the pipe."""
    if hasattr(signal, "SIGXFSZ"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    requests, answers = _own_streams()
    warnings.simplefilter("ignore")
    settings = json.loads(wire.receive(requests, most_bytes=wire.MOST_REQUEST_BYTES)[1])
    _warm_up()
    set_limits(settings["memory_bytes"])
    wire.send(answers, wire.READY)
    answers.flush()
    while True:
        try:
            _, head = wire.receive(requests, most_bytes=wire.MOST_REQUEST_BYTES)
            _, body = wire.receive(requests, most_bytes=wire.MOST_REQUEST_BYTES)
        except wire.BrokenWireError:
            return
        _answer(answers, json.loads(head), body, settings["trust_list"])


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the parent; what parsers print to standard output goes nowhere."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    return requests, answers


def _warm_up() -> None:
    """Load what nearly every file needs, before the limits and the first file's clock."""
    import exifread
    from PIL import JpegImagePlugin

    import imagery.photo.metadata

    # Loaded for their effect, not their names.
    del exifread, JpegImagePlugin, imagery.photo.metadata


def _answer(answers: BinaryIO, head: dict[str, Any], body: bytes, trust_list: str | None) -> None:
    _alarm(head["time_limit_s"] + ALARM_MARGIN_S)
    given = jobs.Given(
        path=Path(os.fsdecode(body)) if head["is_path"] else None,
        data=body,
        trust_list=trust_list,
    )
    try:
        for piece in jobs.JOBS[head["job"]](given):
            wire.send(answers, wire.PART, piece)
            answers.flush()
        end, said = wire.DONE, ""
    except PhotoError as error:
        end, said = wire.REFUSED, printable(" ".join(str(error).split()), _MOST_MESSAGE)
        if _for_memory(error):
            end, said = wire.MEMORY, ""
    except MemoryError:
        end, said = wire.MEMORY, ""
    except Exception as error:  # noqa: BLE001 - whatever hostile bytes raised is the answer
        end, said = wire.FAILED, f"{type(error).__name__}: {printable(str(error))}"
    _alarm(0)
    wire.send(answers, end, said.encode("utf-8", "replace"))
    answers.flush()


def _for_memory(error: BaseException) -> bool:
    """Whether a picture was given up for want of memory, of which a fresh child may have more."""
    cause = error.__cause__
    # The latter is how libheif says it.
    return isinstance(cause, MemoryError) or "Memory allocation error" in str(cause)


def _alarm(seconds: float) -> None:
    """End this process then, even within compiled code and even if the parent is gone."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


if __name__ == "__main__":
    main()
