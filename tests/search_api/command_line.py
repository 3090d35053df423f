"""The command `footnote` run in this process, as `main` would run it in its own."""

import sys
from typing import NamedTuple

import pytest

from search_api.cli import main


class Ended(NamedTuple):
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    def fault(self) -> str:
        """The one line of a refusal."""
        assert (self.code, self.out) == (2, "")
        (line,) = self.err.splitlines()
        assert line.startswith("footnote: ")
        return line.removeprefix("footnote: ")


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[object, ...]
) -> Ended:
    """Run ``footnote`` with these arguments."""
    monkeypatch.setattr(sys, "argv", ["footnote", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        main()
    captured = capsys.readouterr()
    return Ended(int(end.value.code or 0), captured.out, captured.err)
