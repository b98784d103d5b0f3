#!/usr/bin/env python3
"""tests/tls/device_clients_test.py - soapbark-device knows clients by their certificates (curl, openssl s_client), serves on several
threads, and hands over to the next device, and no change of its state is lost meanwhile."""
# time-out: 240
import contextlib
import http.client
import os
import re
import shutil
import signal
import subprocess
import sys
import threading

from tlskit import BUILD, ROOT, Authority, Failure, check, missing, run, state, wait_for

sys.path.insert(0, os.path.join(ROOT, "tests", "auth"))
from authkit import PATH, USERS, envelope, users_inside  # noqa: E402

DEVICE = os.path.join(BUILD, "soapbark-device")


class Device:
    def __init__(self, folder, *words, port=0):
        self.folder, self.words = folder, words
        self.process = subprocess.Popen([DEVICE, "--listen", f"127.0.0.1:{port}", "--state", folder, "--server-limits", "--quiet",
                                         *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = self.port_of("http")
        self.tls_port = self.port_of("https") if "--tls-listen" in words else None
        self.pem = os.path.join(folder, "device.pem")

    def port_of(self, scheme):
        found = re.search(rf"{scheme}://127.0.0.1:(\d+)/", self.process.stdout.readline())
        if not found:
            self.process.kill()
            raise Failure(f"the device did not start: {self.process.stderr.read()}")
        return int(found.group(1))

    def ended(self):
        status = self.process.wait(60)
        said = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        check(status == 0, f"the device ended with {status}: {said[-800:]}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.ended()


@contextlib.contextmanager
def device(folder, *words):
    started = Device(folder, *words)
    try:
        yield started
        started.stop()
    finally:
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait()


def ask(connection, operation, inside=""):
    connection.request("POST", PATH, envelope(operation, inside), {"Content-Type": "application/soap+xml"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.will_close


def users_of(text):
    return set(re.findall(r"<tt:Username>([^<]*)</tt:Username>", text))


# ---- certificates


def curl(port, ca, operation, identity=None):
    """The status, "000" when there was no answer."""
    words = ["--cert", identity[0], "--key", identity[1]] if identity else []
    done = subprocess.run(["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", ca, *words, "-H",
                           "Content-Type: application/soap+xml", "--data-binary", "@-", f"https://127.0.0.1:{port}{PATH}"],
                          input=envelope(operation), capture_output=True, timeout=60)
    return done.stdout.decode()


def s_client(port, ca, identity):
    """What openssl s_client reads after it has asked for GetUsers."""
    body = envelope("GetUsers")
    head = (f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/soap+xml\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    words = ["-cert", identity[0], "-key", identity[1]] if identity else []
    done = subprocess.run(["openssl", "s_client", "-quiet", "-connect", f"127.0.0.1:{port}", "-CAfile", ca,
                           "-verify_return_error", *words], input=head + body, capture_output=True, timeout=60)
    return done.stdout.decode()


def certificates():
    ca, other = Authority(), Authority("Other CA")
    try:
        anna, otto, unknown, gone = (ca.issue(common_name="anna") for _ in range(4))
        foreign = other.issue(common_name="anna")
        with state() as folder:
            trusted = os.path.join(folder, "clients.pem")
            shutil.copyfile(ca.file, trusted)
            words = ["--tls-listen", "127.0.0.1:0", "--client-ca", trusted]
            for user, (chain, _) in (("anna", anna), ("otto", otto), ("nobody", gone)):
                words += ["--client-key", f"{user}={ca.pin(chain)}"]
            with device(folder, *words) as dev:
                check(curl(dev.tls_port, dev.pem, "GetUsers", anna) == "401", "a key of a user who does not exist yet")
                line = http.client.HTTPConnection("127.0.0.1", dev.port, timeout=20)
                check(ask(line, "CreateUsers", users_inside(USERS))[0] == 200, "the first users")
                line.close()
                for name, identity, operation, status in (
                        ("an administrator", anna, "GetUsers", "200"), ("an operator", otto, "GetUsers", "403"),
                        ("an operator may read", otto, "GetDeviceInformation", "200"),
                        ("nobody's key", unknown, "GetUsers", "401"), ("the key of no user", gone, "GetUsers", "401"),
                        ("no certificate", None, "GetUsers", "401"), ("no certificate is needed", None, "GetSystemDateAndTime", "200"),
                        ("another authority", foreign, "GetSystemDateAndTime", "000")):
                    got = curl(dev.tls_port, dev.pem, operation, identity)
                    check(got == status, f"{name}: {got} instead of {status}")
                check(users_of(s_client(dev.tls_port, dev.pem, anna)) == set(USERS), "openssl s_client as anna")
                check(" 401 " in s_client(dev.tls_port, dev.pem, None), "openssl s_client as nobody")
                # a user who is deleted takes the key along
                words = ["--cert", anna[0], "--key", anna[1]]
                done = subprocess.run(["curl", "-sS", "-w", "%{http_code}", "-o", "/dev/null", "--cacert", dev.pem, *words, "-H",
                                       "Content-Type: application/soap+xml", "--data-binary", "@-",
                                       f"https://127.0.0.1:{dev.tls_port}{PATH}"],
                                      input=envelope("DeleteUsers", "<tds:Username>otto</tds:Username>"), capture_output=True,
                                      timeout=60)
                check(done.stdout == b"200", f"DeleteUsers: {done.stdout}")
                check(curl(dev.tls_port, dev.pem, "GetDeviceInformation", otto) == "401", "the key of a deleted user")
                # another authority takes over without a restart
                shutil.copyfile(other.file, trusted)
                dev.process.send_signal(signal.SIGHUP)
                wait_for(lambda: curl(dev.tls_port, dev.pem, "GetUsers", anna) == "000", "the other authority", 60)
                check(curl(dev.tls_port, dev.pem, "GetUsers", foreign) == "401", "its client, whose key is nobody's")
    finally:
        ca.remove()
        other.remove()


def certificates_only():
    ca = Authority()
    try:
        client = ca.issue(common_name="anna")
        with state() as folder, device(folder, "--tls-listen", "127.0.0.1:0", "--client-ca", ca.file,
                                       "--client-certificates-only") as dev:
            check(curl(dev.tls_port, dev.pem, "GetSystemDateAndTime") == "000", "a handshake without a certificate")
            check(curl(dev.tls_port, dev.pem, "GetSystemDateAndTime", client) == "200", "and one with it")
            check(s_client(dev.tls_port, dev.pem, None) == "", "openssl s_client without one")
    finally:
        ca.remove()


def revoked():
    """A client whose certificate its authority revokes is out after SIGHUP."""
    ca = Authority()
    try:
        good, bad = (ca.issue(common_name=name) for name in ("anna", "otto"))
        lists = ca.revocations()
        with state() as folder, device(folder, "--tls-listen", "127.0.0.1:0", "--client-ca", ca.file, "--client-crl", lists,
                                       "--client-certificates-only") as dev:
            def is_let_in(identity):
                return curl(dev.tls_port, dev.pem, "GetSystemDateAndTime", identity) == "200"

            check(is_let_in(good) and is_let_in(bad), "nobody is revoked yet")
            shutil.copyfile(ca.revocations(bad[0]), lists)
            dev.process.send_signal(signal.SIGHUP)
            wait_for(lambda: not is_let_in(bad), "the revoked client is refused", 60)
            check(is_let_in(good), "the other one is not")
            shutil.copyfile(ca.revocations(until=("-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", "20200201000000Z")), lists)
            dev.process.send_signal(signal.SIGHUP)
            wait_for(lambda: not is_let_in(good), "a list that is out of date lets nobody in", 60)
    finally:
        ca.remove()


def command_lines():
    pin = "00" * 32
    tls = ["--tls-listen", "127.0.0.1:0", "--state", "/tmp"]
    for words, why in ((["--client-ca", "x"], "for --tls-listen"), ([*tls, "--client-key", f"a={pin}"], "need --client-ca"),
                       ([*tls, "--client-certificates-only"], "need --client-ca"), (["--handover", "/tmp/x"], "needs --state"),
                       ([*tls, "--client-ca", "x", "--client-key", "a=00"], "usage"), (["--client-key", f"={pin}"], "usage"),
                       (["--client-key", f"{'n' * 33}={pin}"], "usage"), (["--threads", "0"], "usage"), (["--threads", "65"], "usage"),
                       (["--threads", "x"], "usage"), (["--threads", ""], "usage"), (["--threads", "4294967297"], "usage"),
                       ([*tls, "--client-ca", "x", "--client-key", f"a={pin}", "--insecure-no-authentication"], "asks nobody")):
        done = subprocess.run([DEVICE, "--listen", "127.0.0.1:0", *words], capture_output=True, text=True, timeout=20)
        check(done.returncode == 2 and why in done.stderr, f"{words}: {done.returncode} {done.stderr[-300:]}")
    done = subprocess.run([DEVICE, "--listen", "127.0.0.1:0", *tls, "--client-ca", "/nowhere"], capture_output=True, text=True,
                          timeout=20)
    check(done.returncode == 1 and done.stderr, f"a file that is not there: {done.returncode}")


# ---- threads and handover


class Changers:
    """Clients that make users of their own, and delete all but the first again, over connections kept as long as they may be."""

    def __init__(self, port, count=4):
        self.port, self.wrong, self.kept, self.rounds = port, [], set(), [0] * count
        self.ending = threading.Event()
        self.threads = [threading.Thread(target=self.change, args=(i,)) for i in range(count)]
        for thread in self.threads:
            thread.start()

    def sure(self, line, operation, inside):
        """Repeats a change that the device could not save, as it says when the state was changed elsewhere meanwhile."""
        while True:
            status, text, closes = ask(line, operation, inside)
            if closes:
                line.close()
            if status != 500 or "could not be saved" not in text:
                return status, text

    def change(self, own):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            while not self.ending.is_set():
                name = f"u{own}x{self.rounds[own]}"
                wanted = users_inside({name: ("passw0rd-passw0rd", "User")})
                status, text = self.sure(line, "CreateUsers", wanted)
                check(status == 200, f"CreateUsers {name}: {status} {text[-300:]}")
                status, text = self.sure(line, "GetUsers", "")
                check(status == 200 and name in users_of(text), f"{name} is not there: {status} {text[-900:]}")
                if self.rounds[own] == 0:
                    self.kept.add(name)  # for good
                else:
                    status, text = self.sure(line, "DeleteUsers", f"<tds:Username>{name}</tds:Username>")
                    check(status == 200, f"DeleteUsers {name}: {status} {text[-300:]}")
                self.rounds[own] += 1
        except Exception as problem:  # whatever it was, the case tells it
            self.wrong.append(f"{type(problem).__name__}: {problem}")
        finally:
            line.close()

    def wait(self, rounds):
        """Until each has gone so many rounds more."""
        goal = [n + rounds for n in self.rounds]
        wait_for(lambda: self.wrong or all(n >= end for n, end in zip(self.rounds, goal)), f"{rounds} rounds", 100)
        check(not self.wrong, f"{self.wrong}")

    def end(self):
        self.ending.set()
        for thread in self.threads:
            thread.join(90)
        check(not self.wrong, f"{self.wrong}")
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        status, text, _ = ask(line, "GetUsers")
        line.close()
        check(status == 200 and users_of(text) == self.kept, f"{users_of(text)} instead of {self.kept}")


def threads_change_one_state():
    with state() as folder, device(folder, "--threads", "4", "--insecure-no-authentication") as dev:
        changers = Changers(dev.port)
        try:
            changers.wait(5)
        finally:
            changers.ending.set()
        changers.end()


def handover_loses_no_change():
    with state() as folder:
        words = ("--threads", "2", "--handover", os.path.join(folder, "handover"), "--insecure-no-authentication")
        dev = Device(folder, *words)
        try:
            changers = Changers(dev.port)
            try:
                for _ in range(4):
                    changers.wait(2)
                    before, dev = dev, Device(folder, *words)
                    check(dev.port == before.port, "another port")
                    before.ended()
                changers.wait(2)
            finally:
                changers.ending.set()
            changers.end()
            dev.stop()
        finally:
            if dev.process.poll() is None:
                dev.process.kill()
                dev.process.wait()


def main():
    why = missing()
    if why:
        print(f"skip tls_device_clients: {why}")
        return
    run([command_lines, certificates, certificates_only, revoked, threads_change_one_state, handover_loses_no_change])


main()
