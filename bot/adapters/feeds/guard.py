"""Keeps the fetcher away from addresses that are not on the public internet."""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver: TypeAlias = Callable[[str], Sequence[str]]
"""Host name → addresses; raises OSError where there are none."""

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# Public by its number, yet the host's own service. Source: learn.microsoft.com, "What is IP address 168.63.129.16?"
_SERVICES = frozenset({ipaddress.IPv4Address("168.63.129.16")})


class AddressRefused(Exception):
    """The guard does not let an address through."""


class Guard:
    """Decides which URLs and addresses may be dialled."""

    def __init__(self, allow_hosts: frozenset[str]) -> None:
        """Let *allow_hosts* through: `host`, `host:port`, an address, or a network such as `127.0.0.0/8`."""
        self._names = frozenset(allowed.strip().lower() for allowed in allow_hosts)
        self._networks = tuple(network for allowed in self._names if (network := _network(allowed)))

    def check_url(self, url: URL) -> None:
        """Raise AddressRefused where *url* is not http(s), or names an address (not a host) that is refused."""
        if url.scheme not in ("http", "https") or not url.host:
            raise AddressRefused(f"'{str(url)[:200]}' is no http or https address.")
        address = _literal(url.host)
        if address is not None:
            self.check_address(url.host, url.port or 0, address)

    def check_address(self, host: str, port: int, address: _Address) -> None:
        """Raise AddressRefused where *address*, which *host* resolved to, is not public and not allowed."""
        if self._is_allowed(host, port, address):
            return
        if not all(_is_public(part) for part in _embedded(address)):
            raise AddressRefused(
                f"{host} is at {address}, which is not on the public internet "
                f"(to read it anyway, add '{host}' to RECAP_ALLOW_HOSTS)."
            )

    def _is_allowed(self, host: str, port: int, address: _Address) -> bool:
        name = host.rstrip(".").lower()
        written = {name, f"{name}:{port}", f"[{name}]:{port}", str(address), f"{address}:{port}", f"[{address}]:{port}"}
        return not written.isdisjoint(self._names) or any(
            address.version == network.version and address in network for network in self._networks
        )


class GuardedResolver(AbstractResolver):
    """Resolves names to the addresses that the guard lets through, so that what was checked is what is dialled."""

    def __init__(self, guard: Guard, resolver: Resolver | None) -> None:
        """Ask *resolver*, or the system."""
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002  # both are wanted
    ) -> list[ResolveResult]:
        """Return the addresses of *host*. Raises: AddressRefused where one of them is refused, OSError."""
        texts = await self._addresses(host, port)
        if not texts:
            raise OSError(None, f"{host} has no address")
        addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in texts]
        for address in addresses:
            self._guard.check_address(host, port, address)
        return [_result(host, port, address) for address in addresses]

    async def close(self) -> None:
        """Hold nothing that needs closing."""

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        loop = asyncio.get_running_loop()
        if self._resolver is not None:
            return await loop.run_in_executor(None, self._resolver, host)
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
        return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _result(host: str, port: int, address: _Address) -> ResolveResult:
    return ResolveResult(
        hostname=host,
        host=str(address),
        port=port,
        family=socket.AF_INET if address.version == 4 else socket.AF_INET6,
        proto=0,
        flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
    )


def _is_public(address: _Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and address not in _SERVICES
    )


def _embedded(address: _Address) -> list[_Address]:
    """Return *address* and the IPv4 addresses that it would lead to."""
    found: list[_Address] = [address]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return [address.ipv4_mapped]
        if address.sixtofour:
            found.append(address.sixtofour)
        if address.teredo:
            found.extend(address.teredo)
        if address in _NAT64:
            return [ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return found


def _literal(host: str) -> _Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None


def _network(allowed: str) -> _Network | None:
    try:
        return ipaddress.ip_network(allowed, strict=False)
    except ValueError:
        return None
