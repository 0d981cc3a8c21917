import subprocess
import sys

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


def test_a_stranger_s_suite_has_the_fixtures_without_asking(tmp_path):
    (tmp_path / "test_theirs.py").write_text(
        "def test_it(kashmag_engine, magento_sandbox, kashflow_sandbox, kashmag_time):\n"
        "    magento_sandbox.load_recorded()\n"
        "    counts = kashmag_engine.sync().counts\n"
        "    assert counts.read == 12 and counts.posted == kashflow_sandbox.census().customers\n"
    )
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=tmp_path,
    )
    assert told.returncode == 0, told.stdout
    assert "1 passed" in told.stdout
