"""tests/auth/authkit.py - soapbark-device that asks who calls, and a Digest client that can also do it wrongly."""
import contextlib
import hashlib
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time

ROOT = os.environ.get("SOAPBARK_ROOT", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "wire"))
sys.path.insert(0, os.path.join(ROOT, "tests", "peers"))

from wirekit import BUILD, Failure, check, run, sanitized  # noqa: E402,F401

DEVICE = os.path.join(BUILD, "soapbark-device")
PATH = "/onvif/device_service"
TDS = "http://www.onvif.org/ver10/device/wsdl"
USERS = {"anna": ("corr3ct-horse", "Administrator"), "otto": ("0ther-password", "Operator"), "ulla": ("third: \"p\\w", "User")}


def missing():
    """Why the tests of this folder cannot run, or None."""
    if not os.path.exists(os.path.join(BUILD, "tests", "tls_server")):
        return "this build has no TLS library"
    return None


def envelope(operation, inside=""):
    return (f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><tds:{operation} xmlns:tds="{TDS}" '
            f'xmlns:tt="http://www.onvif.org/ver10/schema">{inside}</tds:{operation}></s:Body></s:Envelope>').encode()


def users_inside(users):
    def clean(text):
        return text.replace("&", "&amp;").replace("<", "&lt;")
    return "".join(f"<tds:User><tt:Username>{clean(name)}</tt:Username><tt:Password>{clean(password)}</tt:Password>"
                   f"<tt:UserLevel>{level}</tt:UserLevel></tds:User>" for name, (password, level) in users.items())


class Answer:
    def __init__(self, answer):
        self.status, self.body = answer.status, answer.read().decode()
        self.challenges = answer.headers.get_all("WWW-Authenticate") or []

    def challenge(self, algorithm="SHA-256"):
        """The parameters of the Digest challenge with this algorithm, or None."""
        for text in self.challenges:
            found = {name: quoted or bare for name, quoted, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', text)}
            if text.startswith("Digest ") and found["algorithm"] == algorithm:
                return found
        return None


class Device:
    def __init__(self, folder, *words):
        self.guesses = self.asked = 0
        self.refusals = []  # when they came: the log has 20 a second of a kind
        self.folder, self.log_path = folder, os.path.join(folder, "log")
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen([DEVICE, "--listen", "127.0.0.1:0", "--server-limits", "--state", folder, *words],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        self.url, self.tls_url = self.address("http"), self.address("https") if "--tls-listen" in words else None
        self.port = int(self.url.split(":")[2].split("/")[0])
        self.pem = os.path.join(folder, "device.pem")

    def address(self, scheme):
        line = self.process.stdout.readline()
        found = re.search(rf"{scheme}://\S+", line)
        if not found:
            self.process.kill()
            raise Failure(f"the device did not start: {line!r} {self.said()}")
        return found.group(0)

    def said(self):
        with open(self.log_path) as log:
            return log.read()

    def entries(self):
        """The log: one entry a request; an operation that was not reached is ""."""
        lines = [json.loads(line) for line in self.said().splitlines(True)
                 if line.startswith('{"') and line.endswith("\n")]
        return [line for line in lines if "operation" in line]

    def last(self):
        """The log's entry about what was asked last: it may come after the answer."""
        for _ in range(1000):
            entries = self.entries()
            if len(entries) >= self.asked:
                return entries[-1]
            time.sleep(0.01)
        raise Failure(f"{self.asked} requests, and {len(entries)} of them in the log")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        status = self.process.wait(30)
        self.process.stdout.close()
        check(status == 0, f"the device ended with {status}: {self.said()[-800:]}")

    def ask(self, operation, inside="", authorization=None, source="127.0.0.1", tls=False, path=PATH, body=None):
        fields = {"Content-Type": "application/soap+xml", "Host": f"127.0.0.1:{self.port}"}
        if authorization:
            fields["Authorization"] = authorization
        if tls:
            line = http.client.HTTPSConnection("127.0.0.1", int(self.tls_url.split(":")[2].split("/")[0]), timeout=20,
                                               context=ssl.create_default_context(cafile=self.pem))
        else:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(source, 0))
        self.asked += 1
        try:
            line.request("POST", path, envelope(operation, inside) if body is None else body, fields)
            got = Answer(line.getresponse())
            if got.status >= 400:
                self.refusals = [*self.refusals[-17:], time.monotonic()]
                if len(self.refusals) == 18:
                    time.sleep(max(0, self.refusals[0] + 1.1 - time.monotonic()))
            return got
        finally:
            line.close()

    def digest(self, operation, user, password, inside="", algorithm="SHA-256", nonce=None, count=1, source="127.0.0.1"):
        """Asks with Digest, after a challenge unless a nonce is given."""
        if not nonce:
            nonce = self.ask("GetUsers", source=source).challenge(algorithm)["nonce"]
        return self.ask(operation, inside, answer(user, password, nonce, algorithm, count), source)

    def set_up(self):
        check(self.ask("CreateUsers", users_inside(USERS)).status == 200, "the first users were refused")
        return self


def answer(user, password, nonce, algorithm="SHA-256", count=1, realm="Soapbark device", method="POST", path=PATH):
    """The value of an Authorization field [RFC7616 3.4]."""
    def h(text):
        return hashlib.new(algorithm.lower().replace("-", ""), text.encode()).hexdigest()
    nc, cnonce = f"{count:08x}", "00112233445566778899aabbccddeeff"
    response = h(f"{h(f'{user}:{realm}:{password}')}:{nonce}:{nc}:{cnonce}:auth:{h(f'{method}:{path}')}")
    return (f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{path}", algorithm={algorithm}, qop=auth, '
            f'nc={nc}, cnonce="{cnonce}", response="{response}"')


@contextlib.contextmanager
def folder():
    made = tempfile.mkdtemp(prefix="soapbark-auth-")
    try:
        yield made
    finally:
        shutil.rmtree(made)


@contextlib.contextmanager
def device(*words):
    """A device in a folder of its own, set up with USERS unless the first word is False."""
    fresh = words[:1] == (False,)
    with folder() as made:
        started = Device(made, *words[1:] if fresh else words)
        try:
            if not fresh:
                started.set_up()
            yield started
            started.stop()
        finally:
            if started.process.poll() is None:
                started.process.kill()
                started.process.wait()
