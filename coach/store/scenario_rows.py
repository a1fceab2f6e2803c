"""Scenarios that a tenant wrote, version by version, and those that sessions were played with."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, Engine, RowMapping, func, insert, select

from coach.authoring.versions import Version
from coach.errors import Overtaken
from coach.store.engine import queue_up, transaction
from coach.store.tables import played_scenarios, scenarios


class ScenarioRows:
    """The scenarios' part of the ``Store`` port. Rows are only ever added."""

    reads: Engine
    writes: Engine

    def last_change(self, tenant: str) -> int:
        with transaction(self.reads, tenant) as connection:
            return _last_change(connection, tenant)

    def current_scenarios(self, tenant: str) -> list[Version]:
        latest = (
            select(scenarios.c.scenario, func.max(scenarios.c.version).label("version"))
            .where(scenarios.c.tenant == tenant)
            .group_by(scenarios.c.scenario)
            .subquery()
        )
        same = (scenarios.c.scenario == latest.c.scenario) & (
            scenarios.c.version == latest.c.version
        )
        query = (
            select(scenarios)
            .join(latest, same)
            .where(scenarios.c.tenant == tenant, scenarios.c.source.is_not(None))
            .order_by(scenarios.c.scenario)
        )
        with transaction(self.reads, tenant) as connection:
            return [_version(row) for row in connection.execute(query).mappings()]

    def scenario_versions(self, tenant: str, scenario: str) -> list[Version]:
        query = (
            select(scenarios)
            .where(scenarios.c.tenant == tenant, scenarios.c.scenario == scenario)
            .order_by(scenarios.c.version.desc())
        )
        with transaction(self.reads, tenant) as connection:
            return [_version(row) for row in connection.execute(query).mappings()]

    def add_scenario(self, tenant: str, new: Version, after: int | None) -> Version:
        """Under the number after the latest, and at least its own; Overtaken if that isn't
        ``after``."""
        highest = select(func.max(scenarios.c.version)).where(
            scenarios.c.tenant == tenant, scenarios.c.scenario == new.scenario
        )
        with transaction(self.writes, tenant) as connection:
            queue_up(connection, "scenarios", tenant)
            latest = connection.scalar(highest) or 0
            if after is not None and latest != after:
                raise Overtaken(
                    f"scenario {new.scenario} was changed meanwhile; read it again, and send your "
                    "change with its new ETag"
                )
            added = replace(new, version=max(latest + 1, new.version))
            row = {
                "tenant": tenant,
                "scenario": added.scenario,
                "version": added.version,
                "change": _last_change(connection, tenant) + 1,
                "source": added.source,
                "author": added.author,
                "created_at": added.at,
            }
            connection.execute(insert(scenarios), row)
        return added

    def keep_played(self, tenant: str, fingerprint: str, source: str) -> None:
        key = {"tenant": tenant, "fingerprint": fingerprint}
        known = select(played_scenarios.c.fingerprint).filter_by(**key)
        with transaction(self.writes, tenant) as connection:
            queue_up(connection, "played", tenant, fingerprint)
            if connection.execute(known).first() is None:
                connection.execute(insert(played_scenarios), {**key, "source": source})

    def played(self, tenant: str, fingerprint: str) -> str | None:
        query = select(played_scenarios.c.source).filter_by(tenant=tenant, fingerprint=fingerprint)
        with transaction(self.reads, tenant) as connection:
            found: str | None = connection.scalar(query)
        return found


def _last_change(connection: Connection, tenant: str) -> int:
    query = select(func.max(scenarios.c.change)).where(scenarios.c.tenant == tenant)
    return connection.scalar(query) or 0


def _version(row: RowMapping) -> Version:
    return Version(row["scenario"], row["version"], row["source"], row["author"], row["created_at"])
