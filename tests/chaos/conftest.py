"""Which schedules are played, and what they showed."""

from collections import Counter

QUICK_SEEDS = "45-47"


def pytest_generate_tests(metafunc):
    if "chaos_seed" in metafunc.fixturenames:
        first, _, last = (metafunc.config.getoption("--chaos-seeds") or QUICK_SEEDS).partition("-")
        metafunc.parametrize("chaos_seed", range(int(first), int(last or first) + 1))


def pytest_terminal_summary(terminalreporter, config):
    if not config.getoption("--chaos-seeds"):
        return
    passed = [dict(report.user_properties) for report in terminalreporter.stats.get("passed", [])]
    figures = [Counter(properties["chaos"]) for properties in passed if "chaos" in properties]
    total, most = Counter(), Counter()
    for schedule in figures:
        most |= Counter({name: count for name, count in schedule.items() if name.startswith("most ")})
        total += Counter({name: count for name, count in schedule.items() if not name.startswith("most ")})
    terminalreporter.section("chaos")
    facts = ", ".join(f"{name}: {count}" for name, count in {**total, **most}.items())
    terminalreporter.line(f"{len(figures)} schedules ended in the truth; {facts}")
