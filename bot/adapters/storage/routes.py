"""Routes that channels have of their own."""

from sqlalchemy import delete, select

from bot.adapters.storage.people_tables import ROUTE_ACTS, ROUTES
from bot.adapters.storage.rows import Room, columns_of, keep, models_of, rows_of, upsert
from bot.model.route import Route
from bot.model.route_act import RouteAct
from bot.model.values import RouteId


class Routes(Room):
    """Channels' own routes, and who made them so."""

    def save_route(self, route: Route, act: RouteAct) -> None:
        """Insert or replace a channel's own route, with the record."""
        with self._database.writing() as connection:
            upsert(connection, ROUTES, rows_of([route], ROUTES))
            keep(connection, ROUTE_ACTS, rows_of([act], ROUTE_ACTS))

    def delete_route(self, route: RouteId, act: RouteAct) -> bool:
        """Forget a channel's own route, with the record; return whether there was one."""
        with self._database.writing() as connection:
            if not connection.execute(delete(ROUTES).where(ROUTES.c.id == route)).rowcount:
                return False
            keep(connection, ROUTE_ACTS, rows_of([act], ROUTE_ACTS))
            return True

    def load_routes(self, *, workspace: str | None = None) -> list[Route]:
        """Return the channels' own routes, of one *workspace* or of all, by id."""
        own = select(*columns_of(ROUTES, Route)).order_by(ROUTES.c.id)
        if workspace is not None:
            own = own.where(ROUTES.c.workspace == workspace)
        with self._database.reading() as connection:
            return models_of(connection, own, Route)

    def load_route_acts(self, route: RouteId | None = None) -> list[RouteAct]:
        """Return what was done to one channel's own *route*, or to all of them, oldest first."""
        acts = select(ROUTE_ACTS).order_by(ROUTE_ACTS.c.acted_at, ROUTE_ACTS.c.id)
        if route is not None:
            acts = acts.where(ROUTE_ACTS.c.route_id == route)
        with self._database.reading() as connection:
            return models_of(connection, acts, RouteAct)
