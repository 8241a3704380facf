"""
A process that has loaded the modules of `recap` and forks for each command: loading takes longer than most commands.

`python -m tests.fakes.warm_process` reads a JSON line per command and answers with its exit status.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    import sklearn.feature_extraction.text  # noqa: F401  # what is otherwise loaded when first used
    import sparse_dot_topn  # noqa: F401

    import bot.adapters.slack
    import bot.entrypoints.cli.app  # noqa: F401

    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            run(asked)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def run(asked: dict[str, Any]) -> None:
    """Become the command that was *asked* for, and end as it does."""
    from bot.__main__ import main as recap

    status = 1
    try:
        os.chdir(asked["cwd"])
        os.environ.clear()
        os.environ.update(asked["environment"])
        for number, name in enumerate(("stdin", "stdout", "stderr")):
            path = Path(asked[name])
            handle = os.open(path, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, number)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = ["recap", *asked["words"]]
        recap()
    except SystemExit as exc:
        status = exc.code if isinstance(exc.code, int) else 1 if exc.code else 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
