"""deploy/Caddyfile in front of two real servers. Needs `caddy` on the PATH, which no package of ours brings."""

import asyncio
import http.client
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import websockets

from tests.services.maatje import ROOT, Maatje
from tests.services.process import Process, free_port

CADDY = shutil.which("caddy")
CADDYFILE = ROOT / "deploy" / "Caddyfile"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Maatje]]:
    """Two servers on one database, as in compose.yaml."""
    folder = tmp_path_factory.mktemp("servers")
    start = partial(Maatje, folder, MAATJE_TRUSTED_PROXIES="1", MAATJE_ATTEMPTS_PER_ADDRESS="3")
    started = [start(demo=True)]
    try:
        started.append(start(demo=False, migrate=False))
        yield started
    finally:
        for server in started:
            server.kill()


class Proxy:
    def __init__(self, folder: Path, servers: list[Maatje]) -> None:
        self.port = free_port()
        site = CADDYFILE.read_text(encoding="utf-8")
        configuration = folder / "Caddyfile"
        # plain HTTP on a port of its own in place of the certificate that a real name would get
        configuration.write_text(
            site.replace("\n{$MAATJE_HOST:localhost} {", f"\nhttp://localhost:{self.port} {{").replace(
                "127.0.0.1:2020", f"127.0.0.1:{free_port()}"
            ),
            encoding="utf-8",
        )
        upstreams = " ".join(f"127.0.0.1:{server.port}" for server in servers)
        env = {"MAATJE_HOST": "localhost", "MAATJE_UPSTREAMS": upstreams, "HOME": str(folder), "PATH": ""}
        command = [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(configuration)]
        self.process = Process(command, log=folder / "log", env=env, cwd=folder)

    def wait_until_ready(self) -> None:
        self.process.wait_until(lambda: self.status("GET", "/readyz") == 200)

    def status(self, method: str, path: str, body: bytes = b"", **headers: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body or None, {"Host": "localhost", **headers})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def wrong_code(self, **headers: str) -> int:
        return self.status(
            "POST", "/api/v1/enrol", json.dumps({"code": "2222222222"}).encode(), **{"Content-Type": "application/json", **headers}
        )


@pytest.fixture
def proxy(tmp_path: Path, servers: list[Maatje]) -> Iterator[Proxy]:
    proxy = Proxy(tmp_path, servers)
    try:
        proxy.wait_until_ready()
        yield proxy
    finally:
        proxy.process.kill()


def open_sockets(server: Maatje) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/metrics")
    numbers = connection.getresponse().read().decode()
    connection.close()
    [sockets] = re.findall(r"^maatje_sockets ([\d.]+)$", numbers, re.MULTILINE)
    return int(float(sockets))


class TestWhatItLogs:
    """The filter by itself, as Go's and Python's expressions read it alike."""

    @pytest.mark.parametrize(
        ("asked", "logged"),
        [
            ("/calendar/s3cret.ics", "/calendar/"),
            ("/calendar/s3cret.ics?x=s3cret", "/calendar/"),
            ("/Calendar/s3cret%2Eics", "/Calendar/"),
            ("//calendar/s3cret/", "//calendar/"),
            ("/enrol?code=s3cret", "/enrol"),
            ("/api/v1/calendar", "/api/v1/calendar"),
            ("/api/v1/me?a=1?b=2", "/api/v1/me"),
        ],
    )
    def test_holds_no_secret_of_an_address(self, asked: str, logged: str) -> None:
        [(pattern, put)] = re.findall(r'^\t+request>uri regexp "(.+)" "(.+)"$', CADDYFILE.read_text(encoding="utf-8"), re.MULTILINE)

        assert put == "$1"
        assert re.sub(pattern, r"\1", asked) == logged

    def test_is_no_list_of_requests(self) -> None:
        directives = [line.split()[0] for line in CADDYFILE.read_text(encoding="utf-8").splitlines() if line.strip()]

        assert directives.count("log") == 1  # the filtered one; a `log` of a site would be an access log


@pytest.mark.slow
@pytest.mark.skipif(CADDY is None, reason="caddy is not installed (Debian: apt install caddy); it is no part of the product")
class TestTheProxy:
    def test_has_a_sound_configuration(self) -> None:
        judged = subprocess.run(
            [str(CADDY), "validate", "--adapter", "caddyfile", "--config", str(CADDYFILE)],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
        )

        assert "Valid configuration" in judged.stdout + judged.stderr

    async def test_spreads_sockets(self, proxy: Proxy, servers: list[Maatje]) -> None:
        codes = servers[0].codes()
        token = await asyncio.to_thread(enrol, proxy, codes["Fatima"])
        opened = [
            await websockets.connect(
                f"ws://localhost:{proxy.port}/api/v1/socket",
                subprotocols=[websockets.Subprotocol("maatje.v1.json")],
                additional_headers={"Authorization": f"Bearer {token}"},
            )
            for _ in range(6)
        ]
        for socket in opened:
            assert json.loads(await socket.recv())["type"] == "welcome"

        assert [open_sockets(server) for server in servers] == [3, 3]

        for socket in opened:
            await socket.close()

    def test_refuses_a_body_over_64_kib_and_stays_well(self, proxy: Proxy) -> None:
        for _ in range(3):
            refused = proxy.status("POST", "/api/v1/enrol", b"x" * (65 * 1024), **{"Content-Type": "application/json"})

            assert refused in {413, 502}  # the latter from Caddy 2.6
            assert proxy.status("GET", "/healthz") == 200

    @pytest.mark.parametrize("path", ["/metrics", "/%6detrics", "//metrics", "/x/../metrics", "/./metrics", "/metrics?x=1", "/metrics/"])
    def test_keeps_metrics_inside(self, proxy: Proxy, path: str) -> None:
        assert proxy.status("GET", path) == 404

    def test_does_not_believe_an_address_that_a_client_names(self, proxy: Proxy) -> None:
        answers = [proxy.wrong_code(**{"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(5)]

        assert answers[-1] == 429, answers

    def test_logs_no_query_no_header_and_no_calendar(self, proxy: Proxy, servers: list[Maatje]) -> None:
        for server in servers:
            server.stop()
        try:
            for path in ("/enrol?code=verysecret", "/calendar/moresecret.ics"):
                assert proxy.status("GET", path, Authorization="Bearer mtj_alsosecret") in {502, 503}

            assert '"uri":"/enrol"' in proxy.process.said()
            assert '"uri":"/calendar/"' in proxy.process.said()
            assert "secret" not in proxy.process.said()
        finally:
            for server in servers:
                server.start()

    def test_goes_on_while_one_server_is_renewed(self, proxy: Proxy, servers: list[Maatje]) -> None:
        servers[1].kill()
        try:
            assert [proxy.status("GET", "/healthz") for _ in range(20)] == [200] * 20
        finally:
            servers[1].start()


def enrol(proxy: Proxy, code: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=10)
    body = json.dumps({"code": code, "label": "phone", "keep": "token"})
    connection.request("POST", "/api/v1/enrol", body, {"Host": "localhost", "Content-Type": "application/json"})
    token: str = json.load(connection.getresponse())["token"]
    connection.close()
    return token
