"""Pin `requirements/*.in` with hashes: ``make lock``; UPGRADE=1 takes newer versions where the bounds allow.

One lock serves every platform and Python 3.11 to 3.14, and holds no address, so that it installs from any index.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.steps import PROGRAMS, ROOT

FLAGS = [
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--quiet",
]
FOLDER = ROOT / "requirements"
ADDRESS = re.compile(r"\bhttps?:|\bfile:|^\s*--(extra-)?(index|find)", re.MULTILINE)


def main() -> int:
    """Write both locks, the development one on top of the runtime one. Returns the exit status."""
    upgrade = ["--upgrade"] if os.environ.get("UPGRADE") else []
    for name in ("runtime", "dev"):
        source, lock = f"{name}.in", f"{name}.txt"
        command: list[str | Path] = [PROGRAMS / "uv", "pip", "compile", *FLAGS, *upgrade, source, "--output-file", lock]
        if subprocess.run(command, cwd=FOLDER, check=False).returncode:
            return 1
        if found := ADDRESS.search((FOLDER / lock).read_text()):
            print(f"requirements/{lock} names an address ({found.group().strip()}); a lock must not.", file=sys.stderr)
            return 1
        print(f"requirements/{lock} is written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
