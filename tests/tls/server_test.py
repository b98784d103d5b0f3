"""tests/tls/server_test.py - the server's side: which keys it takes, whom it lets in, and what cannot disturb it."""
import os
import random
import re
import socket
import ssl
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from tlskit import (SERVER, Authority, accepting_ends, answers, ask, backend, check, counts, missing, openssl, reload, run, sanitized,
                    speaks_tls_13, tls_serving, wait_for)


class Scene:
    def __init__(self):
        self.ca = Authority()
        self.good = self.ca.issue()


scene = None


def trusted(port, *settings, **more):
    return ask(port, f"ca={scene.ca.file}", *settings, **more)


def s_client(port, *words, text="", seconds=60):
    """What openssl s_client prints for a connection; text is sent, and then it waits for the server's close."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", scene.ca.file, *words],
                          input=text, capture_output=True, text=True, errors="replace", timeout=seconds)
    return done.stdout + done.stderr


def old_peer(version="1.2"):
    """mbedTLS 2.28 speaks TLS 1.2 alone."""
    return version == "1.3" and not speaks_tls_13()


def does_not_start(why, chain, key, *settings):
    done = subprocess.run([SERVER, "tls:127.0.0.1:0", f"chain={chain}", f"key={key}", *settings], capture_output=True,
                          text=True, timeout=20)
    check(done.returncode == 1 and why in done.stderr, f"exit {done.returncode}: {done.stderr!r}, want {why!r}")


def weak_keys_are_refused():
    for kind, why in (("rsa1024", "3072 bits at least"), ("rsa2048", "3072 bits at least"), ("P-521", "P-256 or P-384"),
                      ("ed25519", "RSA or ECDSA") if backend() == "openssl" else ("secp256k1", "P-256 or P-384")):
        does_not_start(why, *scene.ca.issue(kind=kind))


def wrong_files_are_refused():
    chain, key = scene.good
    does_not_start("not the certificate's", chain, scene.ca.issue()[1])
    does_not_start("cannot be read", chain, "/nowhere/key")
    does_not_start("no private key in PEM", chain, chain)
    does_not_start("no certificate chain in PEM", key, key)
    locked = scene.ca.path("locked.key")
    openssl("pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", locked)
    does_not_start("it has a pass phrase", chain, locked)
    does_not_start("no certificate to trust", chain, key, "clients=2", f"ca={key}")


def strong_keys_serve():
    for kind in ("rsa3072", "P-384"):
        with tls_serving(scene.ca.issue(kind=kind)) as server:
            answers(trusted(server.port))
            check("Verify return code: 0 (ok)" in s_client(server.port, text="Q\n"), "s_client does not verify it")


def curl():
    with tls_serving(scene.good) as server:
        for words in ([], ["--tls-max", "1.2"]):
            done = subprocess.run(["curl", "-sS", "--cacert", scene.ca.file, "-d", "from curl", *words,
                                   f"https://localhost:{server.port}/echo"], capture_output=True, text=True, timeout=20)
            check(done.stdout == "from curl", f"curl: {done.stdout!r} {done.stderr!r}")


def old_protocols_are_refused():
    weak = "DEFAULT@SECLEVEL=0"
    cases = [["-tls1_1", "-cipher", weak], ["-tls1", "-cipher", weak], ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
             ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"],
             ["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"], ["-tls1_2", "-curves", "P-521"],
             ["-tls1_2", "-sigalgs", "ECDSA+SHA1"]]
    with tls_serving(scene.good) as server:
        for words in cases:
            said = s_client(server.port, *words, text="Q\n")
            check("Cipher is (NONE)" in said, f"{words}: {said[-400:]}")
        answers(trusted(server.port))
        check(counts(server)[2] == len(cases), f"failed handshakes: {counts(server)}")
    failed = [entry for entry in server.log if entry["status"] == 0]
    check(len(failed) == len(cases), f"{len(failed)} failures in the log")
    check(all(entry["error"]["rule"].startswith("[RFC8446") for entry in failed), f"{failed[0]}")


def names_choose_the_certificate():
    first = scene.ca.issue(names="DNS:one.example", common_name="one")
    more = [scene.ca.issue(names="DNS:two.example", common_name="two", kind="rsa3072"),
            scene.ca.issue(names="DNS:*.three.example", common_name="three")]
    with tls_serving(first, more=more) as server:
        for name, want in (("one.example", "one"), ("two.example", "two"), ("TWO.example", "two"),
                           ("a.three.example", "three"), ("three.example", "one"), ("a.b.three.example", "one"),
                           ("unknown.example", "one")):
            said = s_client(server.port, "-servername", name, text="Q\n")
            check(f"subject=CN = {want}\n" in said, f"{name} did not get {want}")
        check("subject=CN = one\n" in s_client(server.port, "-noservername", text="Q\n"), "no name did not get the first")


def client_certificates():
    good, late = scene.ca.issue(common_name="operator"), scene.ca.issue(end="20200601000000Z")
    other = Authority("Another CA")
    stranger = other.issue()
    weak = scene.ca.issue(kind="rsa1024")

    def who(server, *words):
        done = subprocess.run(["curl", "-sS", "--cacert", scene.ca.file, "-H", "Content-Type: text/x-who", "-d", "x", *words,
                               f"https://127.0.0.1:{server.port}/echo"], capture_output=True, text=True, timeout=20)
        return done.stdout

    def shown(identity):
        return ["--cert", identity[0], "--key", identity[1]]

    with tls_serving(scene.good, f"ca={scene.ca.file}", "clients=2") as server:
        check(who(server, *shown(good)) == "secure operator", "the right certificate")
        for words in ([], shown(late), shown(stranger), shown(scene.ca.issue(usage="serverAuth"))):
            check(who(server, *words) == "", f"let in with {words}")
        s_client(server.port, "-cipher", "DEFAULT@SECLEVEL=0", "-cert", weak[0], "-key", weak[1], text="Q\n")
        check(counts(server)[2] == 5, f"{counts(server)}")
    rules = [entry["error"]["rule"] for entry in server.log if entry["status"] == 0]
    check(len(rules) == 5, f"{rules}")
    for rule, want in zip(rules, ("shows no certificate", "has expired", "trusted", "purpose", "weak")):
        check(want in rule, f"{rule!r} instead of {want!r}")
    with tls_serving(scene.good, f"ca={scene.ca.file}", "clients=1") as server:
        check(who(server) == "secure", "optional, none shown")
        check(who(server, *shown(good)) == "secure operator", "optional, shown")
        check(who(server, *shown(stranger)) == "", "optional, but another CA's")
    with tls_serving(scene.good) as server:
        check(who(server, *shown(good)) == "secure", "a name that nobody verified")
    other.remove()


def sessions_are_resumed():
    request = "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
    with tls_serving(scene.good) as server:
        for number, version in enumerate(("1.2", "1.3")):
            if old_peer(version):
                continue
            words = ["-ign_eof", f"-tls{version.replace('.', '_')}"]
            kept = scene.ca.path(f"session{version}")
            said = s_client(server.port, *words, "-sess_out", kept, text=request)
            check("New, TLSv" in said and said.count("HTTP/1.1 200") == 1, f"{version}: no first session: {said[-300:]}")
            said = s_client(server.port, *words, "-sess_in", kept, text=request)
            check("Reused, TLSv" in said and said.count("HTTP/1.1 200") == 1, f"{version}: not resumed: {said[-300:]}")
            check(counts(server)[1] == number + 1, f"{counts(server)}")
        reload(server)
        said = s_client(server.port, "-ign_eof", "-tls1_2", "-sess_in", scene.ca.path("session1.2"), text=request)
        check("New, TLSv" in said and said.count("HTTP/1.1 200") == 1, "a session outlived the reload")


def renegotiation_is_refused():
    with tls_serving(scene.good) as server:
        said = s_client(server.port, "-tls1_2", text="R\n" * 3)
        check("RENEGOTIATING" in said and "no renegotiation" in said, f"{said[-400:]}")
        answers(trusted(server.port))


def protocols_of_the_application():
    with tls_serving(scene.good) as server:
        check("ALPN protocol: http/1.1" in s_client(server.port, "-alpn", "h2,http/1.1", text="Q\n"), "http/1.1 not chosen")
        check("Cipher is (NONE)" in s_client(server.port, "-alpn", "h2", text="Q\n"), "h2 alone was taken")


def python_client(port, timeout=60):
    context = ssl.create_default_context(cafile=scene.ca.file)
    raw = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    return context.wrap_socket(raw, server_hostname="127.0.0.1", suppress_ragged_eofs=False)


def post(body, extra=b""):
    return b"POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %d\r\n\r\n" % (extra, len(body)) + body


def read_answer(s):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = s.recv(65536)
        check(piece, "closed inside a head")
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    size = int(re.search(rb"Content-Length: (\d+)", head).group(1))
    while len(body) < size:
        piece = s.recv(65536)
        check(piece, "closed inside a body")
        body += piece
    return body


def bodies_both_ways_on_one_connection():
    with tls_serving(scene.good) as server, python_client(server.port) as s:
        for size in (0, 1, 16383, 16384, 16385, 100000, 2000000):
            body = os.urandom(size)
            s.sendall(post(body))
            check(read_answer(s) == body, f"{size} bytes came back changed")
        s.sendall(post(b"last", b"Connection: close\r\n"))
        check(read_answer(s) == b"last", "the last answer")
        check(s.recv(1) == b"", "no close_notify")


def slow_readers_get_everything():
    """What the peer does not take is sent later, from another buffer, and what came behind it waits."""
    bodies = [os.urandom(300000) for _ in range(4)]
    with tls_serving(scene.good) as server, python_client(server.port) as s:
        sender = threading.Thread(target=lambda: [s.sendall(post(body)) for body in bodies], daemon=True)
        sender.start()
        time.sleep(0.3)
        data = b""
        while len(data) < sum(map(len, bodies)) + 4 * 60 and data.count(b"HTTP/1.1 200") <= 4:
            try:
                data += s.recv(3000)
            except ssl.SSLWantReadError:
                continue
            if all(body in data for body in bodies):
                break
        sender.join(60)
        check(all(body in data for body in bodies), "an answer is missing")


class Relay:
    """Passes bytes on in pieces of `size`, both ways."""

    def __init__(self, port, size):
        self.port, self.size = port, size
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.own = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.port))
            for a, b in ((client, server), (server, client)):
                a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.carry, args=(a, b), daemon=True).start()

    def carry(self, source, sink):
        try:
            while True:
                data = source.recv(4096)
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                for at in range(0, len(data), self.size):
                    sink.sendall(data[at : at + self.size])
                    time.sleep(0.0002)
        except OSError:
            pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        accepting_ends(self.listener, self.thread)


def byte_by_byte():
    # Thousands of naps: no deadline of the server's, nor of the client's, is the test's.
    with tls_serving(scene.good, "head_ms=100000", "request_ms=100000") as server:
        for size in (1, 3, 100):
            with Relay(server.port, size) as relay:
                answers(trusted(relay.own, "times=2", "ms=100000", text="x" * 500, timeout=110),
                        "x" * 500 + "\n200 " + "x" * 500)


def hello(change=None):
    """A ClientHello, as this machine's Python makes it, with one byte changed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    data = bytearray(outgoing.read())
    if change is not None:
        data[change % len(data)] ^= 1 + change % 255
    return bytes(data)


def damaged_hellos():
    """None of them ends the server, or a connection other than its own."""
    rest = random.Random(4)
    hellos = [hello(n) for n in range(300)]
    # Room for all: a hello that is read late keeps its connection a while.
    with tls_serving(scene.good, "connections=400", "connections_per_peer=400") as server, python_client(server.port) as s:
        for n in range(300):
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as bad:
                data = hellos[n]
                bad.sendall(data if n % 3 else data[: rest.randrange(len(data))])
                if n % 5 == 0:
                    bad.sendall(bytes(rest.randrange(256) for _ in range(200)))
        for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\xff\xff" + bytes(20000), b"\x15\x03\x01\x00\x02\x02\x28",
                        b"\x80\x2e\x01\x03\x01" + bytes(60)):
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as bad:
                bad.sendall(garbage)
        s.sendall(post(b"still here"))
        check(read_answer(s) == b"still here", "the connection of before was disturbed")
        answers(trusted(server.port))


def half_open_handshakes():
    """A thousand that begin and say no more are gone when head_ms is over."""
    with tls_serving(scene.good, "connections=1100", "connections_per_peer=1100", "head_ms=1500") as server:
        first = hello()
        held = []
        for n in range(1000):
            s = socket.create_connection(("127.0.0.1", server.port), timeout=60)
            s.sendall(first[: n % len(first)])
            held.append(s)
        answers(trusted(server.port))  # while they are held
        for s in held:
            s.settimeout(20)
            try:
                while s.recv(4096):
                    pass
            except ConnectionResetError:
                pass
            s.close()
        wait_for(lambda: len(os.listdir(f"/proc/{server.process.pid}/fd")) < 30, "the descriptors to come back")
        answers(trusted(server.port))


def a_full_table_says_so():
    with tls_serving(scene.good, "connections=2", "connections_per_peer=2") as server:
        with python_client(server.port), python_client(server.port):
            with python_client(server.port) as third:
                head = third.recv(4096)
                check(b"HTTP/1.1 503" in head, f"{head!r}")
        wait_for(lambda: "503" not in trusted(server.port).out, "the server to see that the first two are gone")
        answers(trusted(server.port))


def a_handshake_blocks_nobody():
    with tls_serving(scene.good) as server:
        with socket.create_connection(("127.0.0.1", server.port)) as stuck:
            stuck.sendall(hello()[:100])
            for _ in range(5):
                answers(trusted(server.port))


def cut_uploads():
    with tls_serving(scene.good) as server:
        for how in ("close", "notify", "reset"):
            s = python_client(server.port)
            s.sendall(post(b"x" * 100000)[:50000])
            if how == "notify":
                s.setblocking(False)
                try:
                    s.unwrap()
                except (ssl.SSLError, OSError):
                    pass
            elif how == "reset":
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()
        answers(trusted(server.port))
    check(all(entry["status"] != 200 or entry["bytes_in"] < 1000 for entry in server.log), "half a body was served")


def reload_changes_certificates():
    folder = scene.ca.folder
    chain, key = os.path.join(folder, "live.pem"), os.path.join(folder, "live.key")

    def install(identity):
        for source, target in zip(identity, (chain, key)):
            with open(source) as old, open(target + ".new", "w") as new:
                new.write(old.read())
            os.rename(target + ".new", target)

    install(scene.ca.issue(common_name="before"))
    after = scene.ca.issue(common_name="after", kind="rsa3072")
    with tls_serving((chain, key), "threads=2") as server, python_client(server.port) as s:
        check("subject=CN = before\n" in s_client(server.port, text="Q\n"), "before")
        install(after)
        reload(server)
        check("subject=CN = after\n" in s_client(server.port, text="Q\n"), "after")
        s.sendall(post(b"under way"))
        check(read_answer(s) == b"under way", "a connection under way was lost")
        with open(chain, "w") as out:
            out.write("broken")
        reload(server)
        check("no certificate chain in PEM" in server.said(), f"{server.said()!r}")
        check("subject=CN = after\n" in s_client(server.port, text="Q\n"), "a broken file changed something")


def revoked_by_reload():
    """A client whose CA is not trusted any more is out, also with a session of before."""
    other = Authority("Clients' CA")
    identity = other.issue(common_name="guest")
    live = scene.ca.path("clients.pem")
    request = "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
    words = ["-ign_eof", "-tls1_2", "-cert", identity[0], "-key", identity[1]]
    kept = scene.ca.path("guest-session")
    with open(live, "w") as out, open(other.file) as ca:
        out.write(ca.read())
    with tls_serving(scene.good, f"ca={live}", "clients=2") as server:
        check("HTTP/1.1 200" in s_client(server.port, *words, "-sess_out", kept, text=request), "the guest is not let in")
        check("Reused" in s_client(server.port, *words, "-sess_in", kept, text=request), "the session is not resumed")
        with open(live, "w") as out, open(scene.ca.file) as ca:
            out.write(ca.read())
        reload(server)
        for more in ([], ["-sess_in", kept]):
            check("HTTP/1.1 200" not in s_client(server.port, *words, *more, text=request), f"still let in {more}")
    other.remove()


def revoked_clients():
    """Refused by the list that their CA signed; and so is everybody whom no list of today speaks about."""
    other = Authority("Other CA")
    good, bad, foreign = (ca.issue(common_name="guest") for ca in (other, other, scene.ca))
    request = "POST /echo HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"
    live, authorities, kept = (scene.ca.path(name) for name in ("live.crl", "both.pem", "bad-session"))

    def use(*files, into=live):
        text = ""
        for file in files:
            with open(file) as part:
                text += part.read()
        with open(into, "w") as out:
            out.write(text)

    def is_let_in(server, identity, *more):
        words = ["-ign_eof", "-tls1_2", "-cert", identity[0], "-key", identity[1], *more]
        return "HTTP/1.1 200" in s_client(server.port, *words, text=request)

    use(other.file, scene.ca.file, into=authorities)
    use(other.revocations())
    with tls_serving(scene.good, f"ca={authorities}", f"crl={live}", "clients=2") as server:
        check(is_let_in(server, good) and is_let_in(server, bad, "-sess_out", kept), "nobody is revoked yet")
        check(not is_let_in(server, foreign), "its CA has no list")
        use(other.revocations(bad[0]))
        reload(server)
        check(is_let_in(server, good) and not is_let_in(server, bad) and not is_let_in(server, bad, "-sess_in", kept), "revoked")
        use(live, scene.ca.revocations())
        reload(server)
        check(is_let_in(server, good) and not is_let_in(server, bad) and is_let_in(server, foreign), "two lists")
        use(other.revocations(until=("-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", "20200201000000Z")))
        reload(server)
        check(not is_let_in(server, good), "a list that is out of date")
        forged = Authority("Other CA")  # by name
        use(forged.revocations())
        reload(server)
        check(not is_let_in(server, good), "a list that another key signed")
        forged.remove()
        use(scene.ca.file)
        os.kill(server.process.pid, 1)
        wait_for(lambda: "revocation list" in server.said(), "the broken list is named")
        check(not is_let_in(server, good), "nothing changes with a broken list")
    with tls_serving(scene.good, f"ca={authorities}", f"crl={other.revocations()}", "clients=1") as server:
        check(not is_let_in(server, bad), "optional, but revoked")
    for broken in (other.file, scene.ca.path("nothing")):
        does_not_start("", *scene.good, "clients=2", f"ca={other.file}", f"crl={broken}")
    other.remove()


def reloads_under_load():
    """Several threads serve while certificates change all the time: no request is lost."""
    stop = threading.Event()

    def keep_reloading(server):
        while not stop.is_set():
            os.kill(server.process.pid, 1)
            time.sleep(0.01)

    def requests(server):
        for _ in range(15):
            with python_client(server.port) as s:
                for _ in range(3):
                    s.sendall(post(b"x" * 2000))
                    check(read_answer(s) == b"x" * 2000, "a wrong answer")

    with tls_serving(scene.good, "threads=3", "connections=64", "connections_per_peer=64") as server:
        reloader = threading.Thread(target=keep_reloading, args=(server,))
        reloader.start()
        try:
            with ThreadPoolExecutor(8) as pool:
                for done in [pool.submit(requests, server) for _ in range(8)]:
                    done.result()
        finally:
            stop.set()
            reloader.join()
        check(counts(server)[2] == 0, f"{counts(server)}")


def memory_of_idle_connections():
    """Printed, and bounded: an idle TLS connection keeps no buffers."""
    with tls_serving(scene.good, "connections=300", "connections_per_peer=300", "request_ms=60000",
                     "head_ms=60000") as server:
        held = [python_client(server.port) for _ in range(20)]
        before = server.memory_kb()
        held += [python_client(server.port) for _ in range(200)]
        for s in held:
            s.sendall(post(b"x"))
            read_answer(s)
        each = (server.memory_kb() - before) / 200
        print(f"# {each:.1f} KB of the server's process for an idle TLS connection")
        check(each < 64 or sanitized(SERVER), f"{each:.1f} KB each")
        for s in held:
            s.close()


CASES = [weak_keys_are_refused, wrong_files_are_refused, strong_keys_serve, curl, old_protocols_are_refused,
         names_choose_the_certificate, client_certificates, sessions_are_resumed, renegotiation_is_refused,
         protocols_of_the_application, bodies_both_ways_on_one_connection, slow_readers_get_everything, byte_by_byte,
         damaged_hellos, half_open_handshakes, a_full_table_says_so, a_handshake_blocks_nobody, cut_uploads,
         reload_changes_certificates, revoked_by_reload, revoked_clients, reloads_under_load, memory_of_idle_connections]


def main():
    global scene
    why = missing()
    if why:
        print(f"skip tls_server: {why}")
        return
    scene = Scene()
    try:
        run(CASES)
    finally:
        scene.ca.remove()


main()
