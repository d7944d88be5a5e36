"""A device that holds passkeys, in software: for answers that no honest browser gives."""

import hashlib
import json
import secrets
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_encode

SITE = "http://localhost:8000"
PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


class Device:
    """One passkey. `count` is the signature counter; 0 stays 0, as with passkeys of a password manager."""

    def __init__(self, count: int = 0) -> None:
        self.key, self.id, self.count = (
            ec.generate_private_key(ec.SECP256R1()),
            secrets.token_bytes(32),
            count,
        )

    def make(self, options: dict[str, Any], **more: Any) -> str:
        """What a browser sends after navigator.credentials.create."""
        public = cbor.encode(dict(ES256.from_cryptography_key(self.key.public_key())))
        held = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        data = self._data(options["rp"]["id"], PRESENT | VERIFIED | WITH_KEY, more) + held
        return self._credential(
            clientDataJSON=self._client("webauthn.create", options, more),
            attestationObject=cbor.encode({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def use(self, options: dict[str, Any], **more: Any) -> str:
        """What a browser sends after navigator.credentials.get; `more` makes it wrong: origin, rp, flags, key."""
        if self.count:
            self.count += 1
        client = self._client("webauthn.get", options, more)
        data = self._data(options["rpId"], PRESENT | VERIFIED, more)
        signed = data + hashlib.sha256(client).digest()
        signature = more.get("key", self.key).sign(signed, ec.ECDSA(SHA256()))
        return self._credential(clientDataJSON=client, authenticatorData=data, signature=signature)

    def given_to(self, user: Any, name: str = "phone") -> Authenticator:
        """As if it had been added at some earlier time."""
        answer = json.loads(self.make({"rp": {"id": "localhost"}, "challenge": "x" * 43}))
        data = {
            "id": websafe_encode(self.id),
            "name": name,
            "credential": answer,
            "count": self.count,
        }
        return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)

    def _data(self, rp: str, flags: int, more: dict[str, Any]) -> bytes:
        rp_hash = hashlib.sha256(more.get("rp", rp).encode()).digest()
        return rp_hash + bytes([more.get("flags", flags)]) + self.count.to_bytes(4)

    @staticmethod
    def _client(kind: str, options: dict[str, Any], more: dict[str, Any]) -> bytes:
        origin, challenge = more.get("origin", SITE), more.get("challenge", options["challenge"])
        crossed = {"crossOrigin": True} if more.get("crossed") else {}
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, **crossed}).encode()

    def _credential(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": websafe_encode(self.id),
                "rawId": websafe_encode(self.id),
                "type": "public-key",
                "response": {name: websafe_encode(value) for name, value in response.items()},
                "clientExtensionResults": {},
            }
        )
