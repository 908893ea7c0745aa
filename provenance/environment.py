"""Reading the environment strictly: a wrong value is never guessed at, and each mistake is kept as a sentence."""

import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dj_database_url
from django.core.checks import Error


class Environment:
    """The variables of this process. Of a wrong one the safe value is taken, and the mistake put into `mistakes`.

    `folder` is where a local installation keeps what it makes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mistakes: list[Error] = []

    def mistake(self, number: int, message: str, hint: str) -> None:
        self.mistakes.append(Error(message, hint=hint, id=f"provenance.E{number:03}"))

    def text(self, name: str) -> str:
        """The variable without surrounding white space; empty counts as not set."""
        return os.environ.get(name, "").strip()

    def flag(self, name: str, *, default: bool, safe: bool) -> bool:
        """A yes or no; `default` when not set, `safe` when it is neither."""
        match self.text(name).casefold():
            case "":
                return default
            case "yes" | "true" | "on" | "1":
                return True
            case "no" | "false" | "off" | "0":
                return False
            case other:
                self.mistake(1, f"{name} is {other!r}, which is neither yes nor no.", f"Set {name} to yes or no.")
                return safe

    def host_names(self, name: str) -> list[str]:
        """Names separated by commas or spaces, without scheme, port or path; a leading dot admits subdomains."""
        names = self.text(name).replace(",", " ").split()
        wrong = [host for host in names if not re.fullmatch(r"\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\]", host)]
        if wrong:
            self.mistake(
                2,
                f"{name} contains {', '.join(map(repr, wrong))}, which is not a host name.",
                f"Write names as in {name}=desk.example.org,[::1] - no https://, no port, no path, no asterisk.",
            )
        return [host for host in names if host not in wrong]

    def words(self, name: str, *, known: tuple[str, ...]) -> list[str]:
        """Words separated by commas or spaces, of those that are known; all of them where one is not, to be safe."""
        given = self.text(name).replace(",", " ").split()
        wrong = [word for word in given if word not in known]
        if wrong:
            self.mistake(
                20,
                f"{name} contains {', '.join(map(repr, wrong))}, which it may not.",
                f"Write {name}= and any of {', '.join(known)}, separated by commas.",
            )
            return list(known)
        return given

    def address(self, name: str, *, default: str) -> str:
        """An address of http or https that ends with a slash; `default` when not set or wrong."""
        given = self.text(name)
        address = given if given.endswith("/") else f"{given}/"
        if given and not re.fullmatch(r"https?://[\w.\-\[\]:]+/([\w.~\-]+/)*", address, re.ASCII):
            self.mistake(
                31,
                f"{name} is {given!r}, which is not the address of a site.",
                f"Write it as in {name}=https://desk.example.org/ - with http or https, without a question mark.",
            )
            given = ""
        return address if given else default

    def time_zone(self, name: str, *, default: str) -> str:
        zone = self.text(name) or default
        try:
            ZoneInfo(zone)
        except (LookupError, ValueError, OSError):
            self.mistake(3, f"{name} is {zone!r}, which is no time zone.", f"Write it as in {name}=Asia/Damascus.")
            return default
        return zone

    def secret_key(self, name: str, *, local: bool) -> str:
        """The key from the environment; a local installation makes one and keeps it in `var/`."""
        if key := self.text(name):
            return key
        if local:
            return kept_key(self.folder / "secret_key")
        self.mistake(
            4,
            f"{name} is not set, and other machines may reach this installation.",
            f"Set {name} to the output of: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'",
        )
        return ""

    def database(self, name: str) -> dict[str, Any]:
        """SQLite in `var/` when not set; nothing when wrong, so that no record lands elsewhere."""
        url = self.text(name)
        if not url:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            return sqlite({"ENGINE": "django.db.backends.sqlite3", "NAME": self.folder / "provenance.sqlite3"})
        try:
            config: dict[str, Any] = {**dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)}
        except ValueError:
            config = {}
        match config.get("ENGINE"):
            case "django.db.backends.postgresql" if config["NAME"]:
                return config
            case "django.db.backends.sqlite3" if config["NAME"] not in ("", ":memory:"):
                return sqlite(config)
        self.mistake(
            5,
            f"{name} is not the address of a PostgreSQL database or of an SQLite file.",
            f"Write {name}=postgres://user:password@host:5432/database or {name}=sqlite:////path/to/file, "
            "with special characters in the password percent-encoded.",
        )
        return {}


def host_of(hosts: list[str]) -> str:
    """The first host that is a name of its own; of one that admits subdomains, what these are under."""
    return next((host for host in hosts if not host.startswith(".")), hosts[0].lstrip(".") if hosts else "localhost")


def kept_key(path: Path) -> str:
    """The key in the file, made there first if need be; processes that start together get the same one."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)  # mode 0600
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(50))
            os.link(draft, path)  # unlike a rename it never replaces a key that another process just made
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return path.read_text().strip()


def sqlite(config: dict[str, Any]) -> dict[str, Any]:
    """Readers never wait for a writer (WAL), and writers queue up at BEGIN instead of failing half-way.

    Of the pages that are read and written, 16 MB are kept at hand, not 2: a claim lies in twenty indexes.
    """
    pragmas = "PRAGMA journal_mode=WAL; PRAGMA cache_size=-16384"
    options = {"init_command": pragmas, "transaction_mode": "IMMEDIATE", "timeout": 20}
    return {**config, "OPTIONS": options}
