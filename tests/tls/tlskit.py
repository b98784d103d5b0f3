"""tests/tls/tlskit.py - certificates made on the spot by the openssl command, and the two TLS programs of the tests."""
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.environ.get("SOAPBARK_ROOT", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.path.insert(0, os.path.join(ROOT, "tests", "wire"))

from wirekit import BUILD, Failure, Server, accepting_ends, check, run, sanitized, serving  # noqa: E402,F401

SERVER = os.path.join(BUILD, "tests", "tls_server")
CLIENT = os.path.join(BUILD, "tests", "tls_client")


def missing():
    """Why the tests of this folder cannot run, or None."""
    if not os.path.exists(SERVER):
        return "this build has no TLS library"
    if not shutil.which("openssl"):
        return "openssl is not installed"
    return None


def backend():
    """openssl or mbedtls: what the build has."""
    with open(CLIENT, "rb") as program:
        return "mbedtls" if b"libmbedtls" in program.read() else "openssl"


def speaks_tls_13():
    """All but mbedTLS 2.28, whose library has the number 14."""
    with open(CLIENT, "rb") as program:
        return b"libmbedtls.so.14" not in program.read()


def openssl(*words, text=None):
    done = subprocess.run(["openssl", *words], input=text, capture_output=True, text=True, timeout=60)
    check(done.returncode == 0, f"openssl {' '.join(words)}: {done.stderr.strip()[-300:]}")
    return done.stdout


class Authority:
    """A CA in a folder of its own, and what it signs."""

    def __init__(self, name="Test CA", folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="soapbark-tls-")
        self.made = 0
        self.config = self.path("ca.cnf")
        with open(self.config, "w") as out:
            out.write("[req]\ndistinguished_name=dn\nprompt=no\n[dn]\n"
                      f"[ca]\ndefault_ca=own\n[own]\nnew_certs_dir={self.folder}\ndatabase={self.path('index')}\n"
                      f"serial={self.path('serial')}\ndefault_md=sha256\npolicy=any\nunique_subject=no\n"
                      "[any]\ncommonName=supplied\n"
                      "[authority]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
                      "subjectKeyIdentifier=hash\n")
        with open(self.path("index"), "w"):
            pass
        with open(self.path("serial"), "w") as out:
            out.write("01\n")
        self.key, self.file = self.path("ca.key"), self.path("ca.pem")
        self.new_key(self.key, "P-256")
        openssl("req", "-config", self.config, "-x509", "-key", self.key, "-subj", f"/CN={name}", "-days", "100",
                "-extensions", "authority", "-sha256", "-out", self.file)

    def path(self, name):
        return os.path.join(self.folder, name)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def new_key(path, kind):
        if kind.startswith("rsa"):
            openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", f"rsa_keygen_bits:{kind[3:]}", "-out", path)
        elif kind == "ed25519":
            openssl("genpkey", "-algorithm", "ED25519", "-out", path)
        else:
            openssl("genpkey", "-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{kind}", "-pkeyopt",
                    "ec_param_enc:named_curve", "-out", path)

    def issue(self, names="DNS:localhost,IP:127.0.0.1", kind="P-256", start="20200101000000Z", end="20400101000000Z",
              digest="sha256", common_name="device", usage="serverAuth,clientAuth", self_signed=False):
        """(chain file, key file) of a new certificate."""
        self.made += 1
        stem = self.path(f"c{self.made}")
        self.new_key(stem + ".key", kind)
        openssl("req", "-config", self.config, "-new", "-key", stem + ".key", "-subj", f"/CN={common_name}", "-out",
                stem + ".csr")
        with open(stem + ".ext", "w") as out:
            out.write((f"subjectAltName={names}\n" if names else "") +
                      f"basicConstraints=critical,CA:FALSE\nextendedKeyUsage={usage}\n")
        signer = ["-selfsign", "-keyfile", stem + ".key"] if self_signed else ["-cert", self.file, "-keyfile", self.key]
        openssl("ca", "-batch", "-notext", "-config", self.config, *signer, "-in", stem + ".csr", "-md", digest,
                "-startdate", start, "-enddate", end, "-extfile", stem + ".ext", "-out", stem + ".pem")
        return stem + ".pem", stem + ".key"

    def revocations(self, *chains, until=()):
        """A new list, in a file of its own: everything revoked so far, and these; until: dates for `openssl ca`."""
        signer = ["-config", self.config, "-cert", self.file, "-keyfile", self.key, "-md", "sha256"]
        for chain in chains:
            openssl("ca", *signer, "-revoke", chain)
        self.made += 1
        path = self.path(f"l{self.made}.crl")
        openssl("ca", *signer, "-gencrl", *(until or ("-crldays", "30")), "-out", path)
        return path

    def pin(self, chain):
        """The SHA-256 of a certificate's public key, by openssl."""
        public = openssl("x509", "-in", chain, "-noout", "-pubkey")
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public.encode(), capture_output=True,
                             timeout=20).stdout
        done = subprocess.run(["openssl", "dgst", "-sha256"], input=der, capture_output=True, timeout=20)
        return done.stdout.decode().split("= ")[1].strip()


def tls_serving(identity, *settings, listen="tls:127.0.0.1:0", more=()):
    words = []
    for chain, key in (identity, *more):
        words += [f"chain={chain}", f"key={key}"]
    return serving(command=[SERVER, listen, *words, *settings])


class Outcome:
    def __init__(self, status, out, error):
        self.status, self.out, self.error = status, out, error

    def says(self, text):
        check(self.status == 1 and text in self.error, f"exit {self.status}, want {text!r}: {self.out!r} {self.error!r}")


def ask(port, *settings, host="127.0.0.1", text="hello", timeout=120):
    done = subprocess.run([CLIENT, f"https://{host}:{port}/echo", *settings], input=text, capture_output=True, text=True,
                          timeout=timeout)
    return Outcome(done.returncode, done.stdout, done.stderr.strip())


def answers(outcome, text="hello"):
    check(outcome.status == 0 and outcome.out == f"200 {text}\n", f"exit {outcome.status}: {outcome.out[:200]!r} {outcome.error!r}")


class Peer:
    """An openssl s_server that answers every request with a page."""

    def __init__(self, identity, *words):
        chain, key = identity
        self.process = subprocess.Popen(["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", chain, "-key", key,
                                         "-cert_chain", chain, *words],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                        errors="replace")
        self.said = ""
        found = None
        while not found:
            line = self.process.stdout.readline()
            check(line, f"openssl s_server did not start: {self.said}")
            self.said += line
            found = re.search(r"^ACCEPT .*:(\d+)$", line)
        self.port = int(found.group(1))
        self.drain = threading.Thread(target=self.keep, daemon=True)
        self.drain.start()

    def keep(self):
        for line in self.process.stdout:
            self.said += line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.drain.join(60)


@contextlib.contextmanager
def state():
    """A folder for a device's --state."""
    folder = tempfile.mkdtemp(prefix="soapbark-state-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def counts(server):
    """(handshakes, resumed, failed) of a tls_server: it is asked by a signal."""
    before = server.said().count("counts ")
    os.kill(server.process.pid, 10)
    wait_for(lambda: server.said().count("counts ") > before, "the counts")
    return tuple(int(n) for n in server.said().rsplit("counts ", 1)[1].split()[:3])


def reload(server):
    """SIGHUP, and the wait until it is done."""
    before = server.said().count("counts ")
    os.kill(server.process.pid, 1)
    wait_for(lambda: server.said().count("counts ") > before, "the reload")


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, f"waited in vain for {what}")
        time.sleep(0.01)
