"""What tests of the simulator ask it with, and the workspace that they ask about."""

import httpx

from simulator import SimulatorProcess

NOW = "2026-03-10T12:00:00Z"
SIZES = {"seed": 5, "contacts": 160, "companies": 130, "conversations": 220, "tickets": 50, "now": NOW, "rate_limit": 0}
SORTED = {"field": "updated_at", "order": "ascending"}


def client_of(simulator: SimulatorProcess) -> httpx.Client:
    headers = {"Authorization": f"Bearer {simulator.token}", "Intercom-Version": "2.10"}
    return httpx.Client(base_url=simulator.url, headers=headers, timeout=30, trust_env=False)
