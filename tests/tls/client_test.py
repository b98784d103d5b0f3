"""tests/tls/client_test.py - the client believes nobody without reason [R13]: real servers with certificates that are
right, and with every kind that is not."""
import socket
import ssl
import threading

from tlskit import (Authority, Peer, accepting_ends, answers, ask, check, counts, missing, run, speaks_tls_13, tls_serving)

NAME = "the certificate is for another host name"
UNTRUSTED = "does not lead to one that is trusted"
PROTOCOL = "[RFC8446"


class Scene:
    """One authority for all cases, and the certificates that are costly to make."""

    def __init__(self):
        self.ca = Authority()
        self.good = self.ca.issue()


scene = None


def refused_by_client(identity, rule, *settings, host="127.0.0.1", ca=None):
    """The client refuses the server, says why, sends nothing; the server goes on."""
    with tls_serving(identity) as server:
        ask(server.port, f"ca={ca or scene.ca.file}", *settings, host=host).says(rule)
        answers(ask(server.port, "insecure=1"))
    served = [entry for entry in server.log if entry["status"] == 200]
    check(len(served) == 1, f"{len(served)} requests came through")


def refused_by_client_of(peer_words, identity, rule, *settings):
    """The same with openssl's server, which takes certificates that ours does not."""
    with Peer(identity, *peer_words) as peer:
        ask(peer.port, f"ca={scene.ca.file}", *settings).says(rule)
        check("POST" not in peer.said, "the request was sent")


def good_certificate():
    with tls_serving(scene.good) as server:
        for host in ("127.0.0.1", "localhost"):
            answers(ask(server.port, f"ca={scene.ca.file}", host=host))
        answers(ask(server.port, f"ca={scene.ca.file}", text="x" * 1500000), "x" * 1500000)


def wrong_host_name():
    refused_by_client(scene.ca.issue(names="DNS:other.example"), NAME, host="localhost")


def wrong_address():
    refused_by_client(scene.ca.issue(names="IP:127.0.0.2,DNS:localhost"), NAME)


def address_as_a_host_name():
    """[RFC9525 6.5] an address matches an address only."""
    refused_by_client(scene.ca.issue(names="DNS:127.0.0.1"), NAME)


def common_name_does_not_count():
    """[RFC9525 2] names are in subjectAltName, or nowhere."""
    refused_by_client(scene.ca.issue(names=None, common_name="localhost"), NAME, host="localhost")


def wildcard_too_wide():
    refused_by_client(scene.ca.issue(names="DNS:*"), NAME, host="localhost")


def past_2012_6107():
    """Axis2/C skipped the host name: a certificate of a trusted CA for somebody else must not do."""
    refused_by_client(scene.ca.issue(names="DNS:bank.example", common_name="localhost"), NAME, host="localhost")


def expired():
    refused_by_client(scene.ca.issue(end="20200601000000Z"), "has expired")


def not_valid_yet():
    refused_by_client(scene.ca.issue(start="20390101000000Z"), "not valid yet")


def self_signed():
    refused_by_client(scene.ca.issue(self_signed=True), UNTRUSTED)


def unknown_authority():
    other = Authority("Another CA")
    try:
        refused_by_client(other.issue(), UNTRUSTED)
        refused_by_client(scene.good, UNTRUSTED, ca=other.file)
    finally:
        other.remove()


def system_authorities_do_not_know_it():
    with tls_serving(scene.good) as server:
        ask(server.port).says(UNTRUSTED)


def not_for_servers():
    refused_by_client_of([], scene.ca.issue(usage="clientAuth"), "not meant for this purpose")


def sha1_signature():
    refused_by_client_of(["-cipher", "DEFAULT@SECLEVEL=0"], scene.ca.issue(digest="sha1"), "a weak key, or a weak signature")


def rsa_of_1024_bits():
    refused_by_client_of(["-cipher", "DEFAULT@SECLEVEL=0"], scene.ca.issue(kind="rsa1024"), "a weak key, or a weak signature")


def rsa_of_2048_bits_by_the_baseline():
    identity = scene.ca.issue(kind="rsa2048")
    refused_by_client_of([], identity, "a weak key, or a weak signature", "rsa=3072")
    with page_server(identity) as port:
        answers(ask(port, f"ca={scene.ca.file}"), "page")


def other_curves():
    refused_by_client_of([], scene.ca.issue(kind="P-521"), "[RFC")


def tls_1_1_only():
    refused_by_client_of(["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"], scene.good, PROTOCOL)


def old_algorithms_only():
    refused_by_client_of(["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256"], scene.good, PROTOCOL)


def pins():
    chain, _ = scene.good
    own, authority = scene.ca.pin(chain), scene.ca.pin(scene.ca.file)
    wrong = "ab" * 32
    with tls_serving(scene.good) as server:
        answers(ask(server.port, f"ca={scene.ca.file}", f"pin={own}"))
        answers(ask(server.port, f"ca={scene.ca.file}", f"pin={authority}"))
        answers(ask(server.port, f"ca={scene.ca.file}", f"pin={wrong}", f"pin={own}"))
        ask(server.port, f"ca={scene.ca.file}", f"pin={wrong}").says("has a pinned key")
        ask(server.port, f"pin={own}").says(UNTRUSTED)  # a pin does not stand in for the chain
        ask(server.port, "pin=abc").says("64 hexadecimal digits")


def pins_without_a_chain():
    """Somebody else's key is refused even by a client that verifies nothing else."""
    own = scene.ca.pin(scene.good[0])
    authority = scene.ca.pin(scene.ca.file)
    with tls_serving(scene.good) as server:
        answers(ask(server.port, f"pin={own}", "insecure=1"))
        ask(server.port, f"pin={'cd' * 32}", "insecure=1").says("has a pinned key")
        ask(server.port, f"pin={authority}", "insecure=1").says("has a pinned key")


def client_certificate():
    identity = scene.ca.issue(common_name="operator")
    other = Authority("Another CA")
    with tls_serving(scene.good, f"ca={scene.ca.file}", "clients=2") as server:
        answers(ask(server.port, f"ca={scene.ca.file}", f"chain={identity[0]}", f"key={identity[1]}"))
        without = ask(server.port, f"ca={scene.ca.file}")
        check(without.status == 1 and "TLS was refused" in without.error, f"no certificate: {without.error}")
        chain, key = other.issue()
        wrong = ask(server.port, f"ca={scene.ca.file}", f"chain={chain}", f"key={key}")
        check(wrong.status == 1 and "TLS was refused" in wrong.error, f"another CA's: {wrong.error}")
        chain, key = scene.good
        ask(server.port, f"ca={scene.ca.file}", f"chain={chain}", f"key={identity[1]}").says("not the certificate's")
    other.remove()


def sessions_are_resumed():
    with tls_serving(scene.good) as server:
        answers(ask(server.port, f"ca={scene.ca.file}", "times=4"), "hello\n200 hello\n200 hello\n200 hello")
        check(counts(server) == (4, 3, 0), f"handshakes, resumed, failed: {counts(server)}")


def sessions_are_not_shared_between_processes_or_names():
    with tls_serving(scene.good) as server:
        answers(ask(server.port, f"ca={scene.ca.file}"))
        answers(ask(server.port, f"ca={scene.ca.file}", host="localhost"))
        check(counts(server)[1] == 0, "a session went from one process to another")


class page_server:
    """Python's ssl: one answer to each request; `ending` says how the connection ends."""

    def __init__(self, identity, ending="length", page=b"page"):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*identity)
        self.ending, self.page = ending, page
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def serve(self):
        while True:
            try:
                raw, _ = self.socket.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(raw, server_side=True) as s:
                    data = b""
                    while b"\r\n\r\n" not in data:
                        data += s.recv(4096)
                    if self.ending == "length":
                        s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(self.page) + self.page)
                        s.recv(4096)
                        continue
                    s.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + self.page)
                    if self.ending == "notify":
                        s.unwrap()
            except OSError:
                pass

    def __enter__(self):
        self.thread.start()
        return self.socket.getsockname()[1]

    def __exit__(self, *_):
        accepting_ends(self.socket, self.thread)


def a_body_that_ends_with_the_connection():
    """[RFC8446 6.1] without close_notify somebody on the path may have cut it."""
    with page_server(scene.good, "notify") as port:
        answers(ask(port, f"ca={scene.ca.file}"), "page")
    with page_server(scene.good, "cut") as port:
        ask(port, f"ca={scene.ca.file}").says("it ended without a close_notify")


def against_python():
    with page_server(scene.good, page=b"p" * 300000) as port:
        answers(ask(port, f"ca={scene.ca.file}"), "p" * 300000)
        answers(ask(port, f"ca={scene.ca.file}", "times=3"), "\n200 ".join(["p" * 300000] * 3))


def against_openssl():
    for words in (["-tls1_2"], ["-tls1_3"]):
        if not speaks_tls_13() and words == ["-tls1_3"]:
            continue
        with Peer(scene.good, "-crlf", *words) as peer:
            # What stands in its input goes to the first client that connects.
            peer.process.stdin.write("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")
            peer.process.stdin.flush()
            answers(ask(peer.port, f"ca={scene.ca.file}"))


def silent_server():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ask(listener.getsockname()[1], "insecure=1", "ms=300").says("was not done in time")


def server_that_speaks_something_else():
    def speak(listener):
        s, _ = listener.accept()
        with s:
            s.recv(4096)
            s.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n" * 20)
            s.recv(4096)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=speak, args=(listener,), daemon=True)
        thread.start()
        ask(listener.getsockname()[1], "insecure=1", "ms=5000").says(PROTOCOL)
        thread.join(10)


def server_that_closes_at_once():
    def close(listener):
        for _ in range(1):
            s, _ = listener.accept()
            s.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=close, args=(listener,), daemon=True)
        thread.start()
        ask(listener.getsockname()[1], "insecure=1", "ms=5000").says("closed within the TLS handshake")
        thread.join(10)


def files_that_are_not_what_they_should_be():
    chain, key = scene.good
    port = 1
    ask(port, "ca=/nowhere").says("cannot be read")
    ask(port, f"ca={key}").says("no certificate to trust")
    ask(port, f"chain={key}", f"key={key}").says("no certificate chain in PEM")
    ask(port, f"chain={chain}", f"key={chain}").says("no private key in PEM")


CASES = [good_certificate, wrong_host_name, wrong_address, address_as_a_host_name, common_name_does_not_count,
         wildcard_too_wide, past_2012_6107, expired, not_valid_yet, self_signed, unknown_authority,
         system_authorities_do_not_know_it, not_for_servers, sha1_signature, rsa_of_1024_bits,
         rsa_of_2048_bits_by_the_baseline, other_curves, tls_1_1_only, old_algorithms_only, pins, pins_without_a_chain,
         client_certificate, sessions_are_resumed, sessions_are_not_shared_between_processes_or_names,
         a_body_that_ends_with_the_connection, against_python, against_openssl, silent_server,
         server_that_speaks_something_else, server_that_closes_at_once, files_that_are_not_what_they_should_be]


def main():
    global scene
    why = missing()
    if why:
        print(f"skip tls_client: {why}")
        return
    scene = Scene()
    try:
        run(CASES)
    finally:
        scene.ca.remove()


main()
