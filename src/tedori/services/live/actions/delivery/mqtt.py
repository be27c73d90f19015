"""Notifications over MQTT (GS CIM 009, clause 7.2)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import aiomqtt

from tedori.services.live.actions.delivery.http import Unreachable, addresses
from tedori.services.live.rules.endpoints import port_of

VERSIONS = {"mqtt3.1.1": aiomqtt.ProtocolVersion.V311, "mqtt5.0": aiomqtt.ProtocolVersion.V5}


class Client:
    """Publishes to one topic, keeping its connection to the broker while there is one."""

    def __init__(self, uri: str, info: Mapping[str, str], *, private: bool, timeout: float) -> None:
        self._parts = urlsplit(uri)
        self._port = port_of(uri)
        self._topic = unquote(self._parts.path.lstrip("/"))
        self._version = VERSIONS[info.get("MQTT-Version", "mqtt5.0")]
        self._qos = int(info.get("MQTT-QoS", "0"))
        self._private = private
        self._timeout = timeout
        self._broker: aiomqtt.Client | None = None

    async def publish(self, message: bytes) -> None:
        """Publish a message; raises Unreachable."""
        kept = self._broker is not None
        try:
            await self._publish(message)
        except aiomqtt.MqttError as error:
            await self.close()
            if not kept:
                raise Unreachable(f"MQTT: {error}"[:200]) from error
            await self._once_more(message)

    async def _once_more(self, message: bytes) -> None:
        """A kept connection had died in the meantime: the same on a new one."""
        try:
            await self._publish(message)
        except aiomqtt.MqttError as error:
            await self.close()
            raise Unreachable(f"MQTT: {error}"[:200]) from error

    async def _publish(self, message: bytes) -> None:
        if self._broker is None:
            broker = await self._client()
            await broker.__aenter__()
            self._broker = broker
        await self._broker.publish(self._topic, message, qos=self._qos)

    async def _client(self) -> aiomqtt.Client:
        host = self._parts.hostname or ""
        allowed = await addresses(host, self._port, private=self._private)
        secure = self._parts.scheme.lower() == "mqtts"
        return aiomqtt.Client(
            host if secure else allowed[0],  # with TLS the certificate says whether it is the right host
            port=self._port,
            username=unquote(self._parts.username) if self._parts.username else None,
            password=unquote(self._parts.password) if self._parts.password else None,
            protocol=self._version,
            tls_context=ssl.create_default_context() if secure else None,
            timeout=self._timeout,
        )

    async def close(self) -> None:
        """Let the connection go."""
        broker, self._broker = self._broker, None
        if broker is not None:
            try:
                await broker.__aexit__(None, None, None)
            except aiomqtt.MqttError:
                return  # it was gone already
