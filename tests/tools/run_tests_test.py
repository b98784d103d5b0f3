#!/usr/bin/env python3
"""tests/tools/run_tests_test.py - the runner counts what it should, and is never green by accident."""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

RUNNER = Path(__file__).resolve().parents[2] / "tools" / "run-tests"

# (case, script, expected last line, expected exit status)
CASES = [
    ("counts_cases", "echo 'ok a'\necho 'ok b'\necho 'skip c: no peer'\n", "2 passed, 0 failed, 1 skipped", 0),
    ("failed_case", "echo 'ok a'\necho 'not ok b: why'\nexit 1\n", "1 passed, 1 failed, 0 skipped", 1),
    ("failed_case_exit_0", "echo 'not ok b: why'\n", "0 passed, 1 failed, 0 skipped", 1),
    ("exit_status_alone", "echo 'ok a'\nexit 3\n", "1 passed, 1 failed, 0 skipped", 1),
    ("no_case", "echo hello\n", "0 passed, 1 failed, 0 skipped", 1),
    ("crash", "echo 'ok a'\nkill -SEGV $$\n", "1 passed, 1 failed, 0 skipped", 1),
    ("time_out", "# time-out: 1\necho 'ok a'\nsleep 60\n", "1 passed, 1 failed, 0 skipped", 1),
    ("child_left_behind", "sleep 60 &\necho 'ok a'\n", "1 passed, 0 failed, 0 skipped", 0),
    ("no_test", None, "0 passed, 1 failed, 0 skipped", 1),
]


def main():
    failed = 0
    for name, script, want, status in CASES:
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder)
            (base / "tools").mkdir()
            (base / "tests" / "x").mkdir(parents=True)
            shutil.copy(RUNNER, base / "tools" / "run-tests")
            if script is not None:
                (base / "tests" / "x" / "a_test.sh").write_text(script)
            done = subprocess.run([sys.executable, str(base / "tools" / "run-tests"), "--build", "build"], cwd=base,
                                  text=True, capture_output=True, timeout=30, env=dict(os.environ))
            last = done.stdout.splitlines()[-1] if done.stdout else ""
            if (last, done.returncode) == (want, status):
                print(f"ok runner_{name}")
            else:
                print(f"not ok runner_{name}: {last!r}, exit {done.returncode}, {done.stderr!r}")
                failed += 1
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
