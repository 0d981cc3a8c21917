import re
import subprocess
import sys
from pathlib import Path

HEAVY = ("httpx", "sqlalchemy", "starlette", "cattrs")


def test_the_plugin_costs_other_projects_nothing():
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, pytest\nbefore = set(sys.modules)\nimport kashmag.testing.plugin\n"
            "print(' '.join(set(sys.modules) - before))",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    came = {name.split(".")[0] for name in told.stdout.split()}
    assert not came & set(HEAVY)


def test_the_examples_of_the_documentation_pass_in_a_stranger_s_suite(tmp_path):
    page = (Path(__file__).parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    for number, code in enumerate(examples):
        (tmp_path / f"test_example_{number}.py").write_text(code)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=tmp_path,
    )
    assert told.returncode == 0, told.stdout
    assert f"{len(examples)} passed" in told.stdout
