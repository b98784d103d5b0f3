#!/usr/bin/env python3
"""tests/auth/tokens_test.py - JSON Web Tokens that PyJWT made, over TLS: only the right ones reach a handler."""
# time-out: 120
import os
import shutil
import subprocess
import sys
import time

try:
    import jwt
except ImportError:
    jwt = None
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):
        os.environ["PEER_AGAIN"] = "1"  # Debian's packages belong to Debian's Python
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

from authkit import USERS, Device, check, folder, missing, run  # noqa: E402

ISSUER, AUDIENCE = "https://idp.example", "camera-1"


def new_key(path, *kind):
    done = subprocess.run(["openssl", "genpkey", *kind, "-out", path], capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, done.stderr)
    subprocess.run(["openssl", "pkey", "-in", path, "-pubout", "-out", path + ".pub"], check=True, timeout=60)
    with open(path) as private, open(path + ".pub") as public:
        return private.read(), public.read()


EC = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")


def token(key, algorithm, headers=None, **changes):
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "idp-admin", "exp": int(time.time()) + 600, "roles": ["onvif:Administrator"]}
    claims.update(changes)
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, key, algorithm=algorithm, headers=headers)


def start(made, name, *more):
    return Device(made, "--tls-listen", "127.0.0.1:0", "--token-key", os.path.join(made, name + ".pub"), "--token-issuer", ISSUER,
                  "--token-audience", AUDIENCE, *more)


def tokens():
    with folder() as made:
        private, public = new_key(os.path.join(made, "idp"), *EC)
        other, _ = new_key(os.path.join(made, "other"), *EC)
        rsa, _ = new_key(os.path.join(made, "rsa"), *RSA)
        dev = start(made, "idp")
        now = int(time.time())
        try:
            for changes, operation, status in (
                    ({}, "GetUsers", 200), ({"roles": "onvif:Administrator"}, "GetUsers", 200),
                    ({"aud": ["x", AUDIENCE]}, "GetUsers", 200), ({"roles": ["onvif:User", "x"]}, "GetDeviceInformation", 200),
                    ({"roles": ["onvif:User"]}, "GetUsers", 403), ({"roles": ["onvif:Operator"]}, "GetUsers", 403)):
                got = dev.ask(operation, "", "Bearer " + token(private, "ES256", **changes), tls=True)
                check(got.status == status, f"{changes}: {got.status} {got.body}")
                check(dev.last()["user"] == "idp-admin", f"{dev.last()}")
            forged = jwt.utils.base64url_encode(b'{"alg":"none"}').decode()
            good = token(private, "ES256")
            # HS256 with the public key as its secret; PyJWT refuses to make it from PEM, so by hand.
            head = jwt.utils.base64url_encode(b'{"alg":"HS256","typ":"JWT"}').decode() + "." + good.split(".")[1]
            mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(head.encode(), public.encode())
            for name, text in (
                    ("expired", token(private, "ES256", exp=now - 3600)), ("no end", token(private, "ES256", exp=None)),
                    ("not yet", token(private, "ES256", nbf=now + 3600)), ("from the future", token(private, "ES256", iat=now + 3600)),
                    ("another issuer", token(private, "ES256", iss="https://evil.example")),
                    ("no issuer", token(private, "ES256", iss=None)),
                    ("another audience", token(private, "ES256", aud="camera-2")), ("no audience", token(private, "ES256", aud=None)),
                    ("no role", token(private, "ES256", roles=None)), ("an unknown role", token(private, "ES256", roles=["root"])),
                    ("no name", token(private, "ES256", sub=None)), ("another key", token(other, "ES256")),
                    ("another algorithm", token(rsa, "RS256")), ("crit", token(private, "ES256", headers={"crit": ["x"], "x": 1})),
                    ("alg none", forged + "." + good.split(".")[1] + "."),
                    ("a key confusion", head + "." + jwt.utils.base64url_encode(mac).decode()),
                    ("a changed claim", good.replace(good.split(".")[1], token(other, "ES256", sub="x").split(".")[1])),
                    ("no signature", good.rsplit(".", 1)[0] + "."), ("cut", good[:-4]), ("four parts", good + ".x"),
                    ("empty", "")):
                # Guesses are counted for each address, and TLS clients here have one: a device of its own for four.
                if dev.guesses == 4:
                    dev.stop()
                    dev = start(made, "idp")
                got = dev.ask("GetSystemDateAndTime", "", "Bearer " + text, tls=True)
                dev.guesses += 1
                check(got.status == 401, f"{name}: {got.status}")
                check(not dev.last()["operation"] and not dev.last().get("user"), f"{name}: {dev.last()}")
            dev.stop()
            dev = start(made, "idp")
            check(dev.ask("GetUsers", "", "Bearer " + good).status == 401, "taken without TLS")
            check(not any("Bearer" in c for c in dev.ask("GetUsers").challenges), "offered without TLS")
            got = dev.ask("GetUsers", tls=True)
            check(got.status == 401 and got.challenges[0].startswith("Bearer "), f"{got.challenges}")
            check(dev.ask("CreateUsers", tls=True).status == 401, "without users, but with an issuer: nobody sets it up")
        finally:
            dev.stop()


def other_algorithms():
    with folder() as made:
        ec, _ = new_key(os.path.join(made, "ec"), *EC)
        rsa, _ = new_key(os.path.join(made, "rsa"), *RSA)
        for key, name, algorithm in ((rsa, "rsa", "RS256"), (rsa, "rsa", "PS256"), (rsa, "rsa", "RS512")):
            dev = start(made, name, "--token-algorithm", algorithm)
            check(dev.ask("GetUsers", "", "Bearer " + token(key, algorithm), tls=True).status == 200, algorithm)
            for bad, other in ((rsa, "RS384"), (ec, "ES256")):
                check(dev.ask("GetUsers", "", "Bearer " + token(bad, other), tls=True).status == 401, f"{other} for {algorithm}")
            dev.stop()


def main():
    why = missing() or (None if shutil.which("openssl") else "openssl is not installed")
    if why or not jwt:
        print(f"skip auth_tokens: {why or 'PyJWT is not installed'}")
        return
    run([tokens, other_algorithms])


main()
