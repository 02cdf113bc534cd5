"""Who may work on a task, with fencing: each change of hands raises the epoch, and writes name the epoch they hold."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cloud.clock import Clock
from cloud.store import Store, put
from cloud.store import leases as table
from cloud.tasks.errors import LeaseLost

TTL_S = 30.0


class Lease(Struct, frozen=True, kw_only=True):
    """The right to write for `name` until another holder raises the epoch."""

    name: str
    holder: str
    epoch: int


class Leases:
    """Leases of a store. A holder is one run of one process: a restarted process is another holder."""

    def __init__(self, store: Store, clock: Clock, *, ttl_s: float = TTL_S) -> None:
        self._store = store
        self._clock = clock
        self.ttl_s = ttl_s

    async def acquire(self, name: str, holder: str, *, seize: bool = False) -> Lease:
        """Takes a lease that is free, ours or run out. `seize`: also a live one, when its holder is known to be dead.

        Raises LeaseLost while another holds it.
        """
        now = self._clock()
        async with self._store.write(synced=False) as connection:
            row = (await connection.execute(select(table).where(table.c.name == name))).one_or_none()
            if row is not None and row.holder != holder and row.expires > now and not seize:
                raise LeaseLost(f"{name} is held by {row.holder} for {row.expires - now:.0f} s more")
            kept = row is not None and row.holder == holder
            epoch = (row.epoch if row is not None else 0) + (0 if kept else 1)
            values = {"name": name, "holder": holder, "epoch": epoch, "expires": now + self.ttl_s}
            await put(connection, table, values)
        return Lease(name=name, holder=holder, epoch=epoch)

    async def renew(self, lease: Lease) -> None:
        """Holds it for another while. Raises LeaseLost when it has passed on."""
        async with self._store.write(synced=False) as connection:
            await check(connection, lease)
            await connection.execute(
                update(table).where(table.c.name == lease.name).values(expires=self._clock() + self.ttl_s)
            )

    async def release(self, lease: Lease) -> None:
        """Lets go, if it is still ours; the epoch stays, so that a later holder's is higher."""
        mine = (table.c.name == lease.name) & (table.c.epoch == lease.epoch) & (table.c.holder == lease.holder)
        async with self._store.write(synced=False) as connection:
            await connection.execute(update(table).where(mine).values(holder="", expires=0.0))


async def check(connection: AsyncConnection, lease: Lease) -> None:
    """Within the transaction that writes: raises LeaseLost unless the lease is still this holder's, at this epoch.

    A lease that ran out but that nobody took is still good: only a change of hands makes two writers.
    """
    row = (await connection.execute(select(table).where(table.c.name == lease.name))).one_or_none()
    if row is None or row.epoch != lease.epoch or row.holder != lease.holder:
        now_with = f"{row.holder or 'nobody'}, epoch {row.epoch}" if row is not None else "nobody"
        raise LeaseLost(f"{lease.name}: epoch {lease.epoch} of {lease.holder} has passed to {now_with}")
