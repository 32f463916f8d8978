"""The image and compose.yaml, as far as a machine without Docker can hold them.

Run here: rules over the files, and the image's own steps in order with Python 3.13 where there is one (its build, its
CMD and its HEALTHCHECK, from a tree that may not be written to), and the proxy's configuration where `caddy` is installed.
Never run here: `docker build`, `docker compose up`, the pulling of images, the making of the image's user, and the
separation of the networks.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Template
from typing import Any

import pytest
import yaml
from django.core.management import load_command_class

from tests.contracts import dockerfile
from tests.contracts.dockerfile import Stage
from tests.services.maatje import ROOT
from tests.services.process import Process, free_port

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if service["image"] == "maatje"]
BUILD, FINAL = dockerfile.stages(ROOT / "Dockerfile")


class TestTheImage:
    @pytest.mark.parametrize("stage", [BUILD, FINAL], ids=["build", "final"])
    def test_stands_on_a_slim_python_pinned_by_tag(self, stage: Stage) -> None:
        assert re.fullmatch(r"python:3\.13(\.\d+)?-slim(@sha256:[0-9a-f]{64})?", stage.image)

    def test_installs_only_what_has_the_right_hash_and_needs_no_compiler(self) -> None:
        [install] = [step.text for step in BUILD.all("RUN") if " install " in step.text]

        assert "--require-hashes" in install
        assert "--only-binary=:all:" in install
        assert "-r /tmp/requirements.txt" in install

    def test_ends_without_tools_that_build_or_install(self) -> None:
        assert not any(re.search(r"apt-get|\bgcc\b| install --|requirements", step.text) for step in FINAL.all("RUN"))
        assert "pip uninstall" in FINAL.all("RUN")[0].text

    def test_runs_as_nobody_in_particular(self) -> None:
        user, group = FINAL.only("USER").text.split(":")

        assert int(user) >= 10_000
        assert int(group) >= 10_000
        assert FINAL.steps.index(FINAL.only("USER")) > max(FINAL.steps.index(step) for step in FINAL.all("RUN"))

    def test_stops_as_the_drain_wants_it(self) -> None:
        assert FINAL.only("STOPSIGNAL").text == "SIGTERM"
        assert FINAL.only("CMD").exec_form[0] == "python"  # a shell would keep the signal to itself

    def test_knows_how_it_is(self) -> None:
        assert FINAL.only("HEALTHCHECK").exec_form == ["python", "manage.py", "health"]

    def test_holds_no_secret(self) -> None:
        named = [name for stage in (BUILD, FINAL) for step in (*stage.all("ENV"), *stage.all("ARG")) for name in step.variables]

        assert not [name for name in named if re.search(r"KEY|SECRET|PASSWORD|TOKEN|DATABASE", name)]
        assert not BUILD.all("ADD") + FINAL.all("ADD")

    def test_holds_every_package_that_runs_and_no_other(self) -> None:
        packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

        assert set(dockerfile.context(ROOT)) == packages - {"bench", "tests"} | {"manage.py", "requirements.txt", "requirements-fcm.txt"}

    def test_takes_what_apps_need_only_when_it_is_asked_for(self) -> None:
        assert BUILD.only("ARG").variables == {"REQUIREMENTS": "requirements.txt"}
        assert BUILD.all("COPY")[0].text.split()[0] == "${REQUIREMENTS}"


class TestCompose:
    def test_serves_twice_and_keeps_house_once(self) -> None:
        commands = [SERVICES[name]["command"][2] for name in OURS]

        assert sorted(commands) == ["migrate", "serve", "serve", "worker"]

    @pytest.mark.parametrize("name", OURS)
    def test_gives_commands_that_exist(self, name: str) -> None:
        python, manage, command, *arguments = SERVICES[name]["command"]
        app = "django.core" if command == "migrate" else "backend"

        assert (python, manage) == ("python", "manage.py")
        load_command_class(app, command).create_parser("manage.py", command).parse_args(arguments)

    def test_opens_no_door_but_the_proxy_s(self) -> None:
        assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]

    def test_lets_only_the_proxy_and_the_worker_reach_the_world(self) -> None:
        open_networks = {name for name, network in COMPOSE["networks"].items() if not network.get("internal")}

        assert [name for name, service in SERVICES.items() if open_networks & set(service["networks"])] == ["worker", "proxy"]

    def test_keeps_the_worker_from_who_lets_the_world_in(self) -> None:
        assert not set(SERVICES["worker"]["networks"]) & set(SERVICES["proxy"]["networks"])

    def test_keeps_the_proxy_from_the_database(self) -> None:
        assert not set(SERVICES["proxy"]["networks"]) & set(SERVICES["postgres"]["networks"])

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_asks_every_service_how_it_is(self, name: str) -> None:
        check = SERVICES[name].get("healthcheck", {})

        assert check.get("test") or name in {"web1", "web2", "migrate"}  # the image's own; and one that ends

    @pytest.mark.parametrize("name", OURS)
    def test_lets_ours_do_nothing_but_their_work(self, name: str) -> None:
        service = SERVICES[name]

        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["volumes"] == ["data:/data"]

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_gives_secrets_as_files(self, name: str) -> None:
        for variable, value in SERVICES[name].get("environment", {}).items():
            if re.search(r"KEYS|SECRET|PASSWORD|DATABASE_URL", variable):
                is_file = variable.endswith("_FILE") and value.removeprefix("/run/secrets/") in SERVICES[name]["secrets"]
                assert is_file or variable == "MAATJE_CREATE_KEYS"

    def test_names_only_what_it_declares(self) -> None:
        for service in SERVICES.values():
            assert set(service["networks"]) <= set(COMPOSE["networks"])
            assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
            assert set(service.get("depends_on", {})) <= set(SERVICES)
            named = {volume.split(":")[0] for volume in service.get("volumes", []) if not volume.startswith("./")}
            assert named <= set(COMPOSE["volumes"])

    @pytest.mark.parametrize("name", sorted(set(SERVICES) - set(OURS)))
    def test_pins_the_tags_of_the_others(self, name: str) -> None:
        assert re.fullmatch(r"[a-z/]+:\d[\w.-]*", SERVICES[name]["image"])

    def test_sets_only_what_the_settings_read(self) -> None:
        settings = (ROOT / "backend" / "settings.py").read_text(encoding="utf-8")

        for variable in SERVICES["web1"]["environment"]:
            assert f'"{variable.removesuffix("_FILE")}"' in settings or variable == "DATABASE_URL_FILE"  # read in env.py

    def test_waits_longer_than_the_drain(self) -> None:
        settings = (ROOT / "backend" / "settings.py").read_text(encoding="utf-8")
        drain = re.search(r'"MAATJE_DRAIN_SECONDS", (\d+)', settings)

        assert drain
        assert int(SERVICES["web1"]["stop_grace_period"].removesuffix("s")) > int(drain.group(1))


def python_of_the_image() -> str:
    """A Python 3.13 where this machine has one, else the one that runs us."""
    installed = sorted(Path.home().glob(".pyenv/versions/3.13*/bin/python3.13"))
    for candidate in (*map(str, installed), "python3.13"):
        if shutil.which(candidate):
            said = subprocess.run([candidate, "-V"], capture_output=True, text=True, check=False).stdout
            if said.startswith("Python 3.13"):
                return candidate
    return sys.executable


class Image:
    """The image as a folder: its steps carried out with its absolute paths moved below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {name: value for name, value in os.environ.items() if not re.match(r"MAATJE|DJANGO|DATABASE|REDIS|PYTHON|VIRTUAL", name)}
        for path in ("opt", "app", "tmp", "data", "bin"):
            (folder / path).mkdir()
        (folder / "bin" / "python").symlink_to(python_of_the_image())
        self.env["PATH"] = f"{folder / 'bin'}:{self.env['PATH']}"

    def moved(self, text: str) -> str:
        return re.sub(r"(?<![\w.:/])/(opt|app|tmp|data)\b", lambda found: f"{self.folder}/{found[1]}", text)

    def copy(self, text: str) -> None:
        source, to = self.moved(Template(text).substitute(self.env)).split()
        if source != ".":
            shutil.copy(ROOT / source, to)
            return
        for name in dockerfile.context(ROOT):
            path = ROOT / name
            if path.is_dir():
                shutil.copytree(path, self.folder / "app" / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(path, self.folder / "app")

    def run(self, text: str) -> None:
        cwd = self.folder / "app"
        done = subprocess.run(["/bin/sh", "-ec", self.moved(text)], cwd=cwd, env=self.env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def carry_out(self, stage: Stage, *, words: set[str]) -> None:
        for step in stage.steps:
            if step.word not in words:
                continue
            match step.word:
                case "RUN":
                    self.run(step.text)
                case "COPY":
                    self.copy(step.text)
                case "ARG" | "ENV":
                    self.env |= {name: self.moved(value).replace("$PATH", self.env["PATH"]) for name, value in step.variables.items()}

    def seal(self) -> None:
        """Nothing outside /data may be written to from here on."""
        for path in (self.folder / "app", self.folder / "opt"):
            subprocess.run(["chmod", "-R", "a-w", str(path)], check=True)

    def unseal(self) -> None:
        subprocess.run(["chmod", "-R", "u+w", str(self.folder)], check=False)

    def command(self, words: list[str], *, port: int) -> list[str]:
        """As in the image; a root without rights, because root may otherwise write everywhere."""
        unprivileged = ["setpriv", "--bounding-set=-all"] if os.geteuid() == 0 and shutil.which("setpriv") else []
        return [*unprivileged, str(self.folder / "opt/venv/bin/python"), *(str(port) if word == "8000" else word for word in words[1:])]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The image's steps, but those that would change this machine: its RUN of the last stage makes a user and removes pip."""
    image = Image(tmp_path_factory.mktemp("image"))
    image.carry_out(BUILD, words={"ARG", "ENV", "RUN", "COPY"})
    image.carry_out(FINAL, words={"ENV"})
    image.seal()
    yield image
    image.unseal()


@pytest.mark.slow
@pytest.mark.timeout(300)  # installs everything
class TestTheImageSSteps:
    def test_collect_what_browsers_need(self, image: Image) -> None:
        assert list((image.folder / "app/staticfiles").rglob("*.css"))

    def test_leave_no_key_behind(self, image: Image) -> None:
        assert not [path for path in image.folder.rglob("*") if path.name in {"keys.json", "secret-key"}]

    def test_install_no_pip(self, image: Image) -> None:
        assert not list((image.folder / "opt/venv/bin").glob("pip*"))

    def test_serve_say_how_they_are_and_drain(self, image: Image, tmp_path: Path) -> None:
        port = free_port()
        server = Process(
            image.command(FINAL.only("CMD").exec_form, port=port), log=tmp_path / "log", env=image.env, cwd=image.folder / "app"
        )
        try:
            server.wait_until(lambda: "Maatje is at" in server.said())

            check = image.command([*FINAL.only("HEALTHCHECK").exec_form, "--port", "8000"], port=port)
            healthy = subprocess.run(check, env=image.env, cwd=image.folder / "app", capture_output=True, text=True, check=False)

            assert healthy.stdout.strip() == f"http://127.0.0.1:{port} is ready."
            assert server.stop() == 0
            assert "UserWarning" not in server.said()
        finally:
            server.kill()
