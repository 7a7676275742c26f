"""Delete the sample site's database and uploaded files, after asking: ``make reset``. The secret key stays."""

from __future__ import annotations

import fcntl
import shutil
import sys

from tools.sample_site import DATABASE, IN_USE, MEDIA, VAR


def main() -> int:
    """Ask, then delete. Returns the exit status."""
    files = [DATABASE.with_name(DATABASE.name + end) for end in ("", "-wal", "-shm")]
    if not any(path.exists() for path in (*files, MEDIA)):
        print("There is no sample site to delete.")
        return 0
    with IN_USE.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("The sample site is running. Stop it first (Ctrl-C).", file=sys.stderr)
            return 1
        print(f"This deletes the sample site's database and uploaded files in {VAR}.")
        print("Delete them? [y/N] ", end="", flush=True)
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            print("Nothing was deleted.")
            return 0
        for path in files:
            path.unlink(missing_ok=True)
        shutil.rmtree(MEDIA, ignore_errors=True)
    print("Deleted. make run starts with fresh sample data.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
