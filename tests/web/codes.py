"""An authenticator app for tests: the codes of a secret (RFC 6238), worked out without the library that checks them."""

import hmac
import re
import struct
import time
from typing import Any

from claims.models import User
from claims.services.second_factor import add, new_secret

STEP = 30


def code_of(secret: str, steps: int = 0) -> str:
    """The code of a secret in hexadecimal now, or so many steps of 30 seconds from now."""
    counter = int(time.time()) // STEP + steps
    digest = hmac.digest(bytes.fromhex(secret), struct.pack(">Q", counter), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06}"


def enrol(user: User) -> tuple[str, list[str]]:
    """Give the user a second factor; returns the secret, whose next code is the present one, and the recovery codes."""
    secret = new_secret()
    _device, codes = add(user=user, secret=secret, code=code_of(secret, -1))
    return secret, codes


def codes_on(page: Any) -> list[str]:
    """The recovery codes that a page shows."""
    return re.findall(r"<code>([a-z2-7]{4}(?:-[a-z2-7]{4}){3})</code>", page.content.decode())
