#!/usr/bin/env python3
"""tests/wire/listen_test.py - where a server listens: IPv4, IPv6, both, Unix sockets, descriptors of a socket unit."""
import os
import socket
import subprocess
import tempfile

from wirekit import BUILD, Reader, Server, check, post, run, serving

WIRE = os.path.join(BUILD, "tests", "wire_server")


def answers(family, address, host=b"127.0.0.1"):
    with socket.socket(family) as s:
        s.settimeout(10)
        s.connect(address)
        s.sendall(post(b"there").replace(b"127.0.0.1", host))
        return Reader(s).answer().body == b"there"


def refused(*arguments, why, before=(), **more):
    done = subprocess.run([*before, WIRE, *arguments], capture_output=True, text=True, timeout=20, **more)
    check(done.returncode == 1 and why in done.stderr, f"{arguments}: {done.returncode} {done.stderr}")


def has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def several_addresses():
    with tempfile.TemporaryDirectory() as folder:
        with serving("listen=127.0.0.1:0", f"listen=unix:{folder}/s", "threads=2") as server:
            check(answers(socket.AF_INET, ("127.0.0.1", server.port)), "the first")
            check(answers(socket.AF_UNIX, f"{folder}/s"), "the third")
        check(any(e["peer"] == f"unix:{os.getuid()}" for e in server.log), f"{[e['peer'] for e in server.log]}")


def one_family_or_both():
    if not has_ipv6():
        print("# no IPv6 here")
        return
    with serving(command=[WIRE, "*:0"]) as server:
        check(answers(socket.AF_INET, ("127.0.0.1", server.port)), "IPv4 of both")
        check(answers(socket.AF_INET6, ("::1", server.port), b"[::1]"), "IPv6 of both")
    peers = [e["peer"] for e in server.log]
    check(peers[0].startswith("127.0.0.1:") and peers[1].startswith("[::1]:"), f"{peers}")
    with serving(command=[WIRE, "[::]:0"]) as server:
        check(answers(socket.AF_INET6, ("::1", server.port), b"[::1]"), "IPv6 alone")
        with socket.socket() as s:
            check(s.connect_ex(("127.0.0.1", server.port)) != 0, "[::] takes IPv4")


def the_peers_of_both_families_share_their_limit():
    """An IPv4 peer counts as one, over a socket for both families too."""
    if not has_ipv6():
        print("# no IPv6 here")
        return
    with serving(command=[WIRE, "*:0", "connections_per_peer=2"]) as server:
        first = [server.connect() for _ in range(2)]
        with server.connect() as s:
            check(Reader(s).answer().status == 503, "a third")
        for s in first:
            s.close()


def unix_sockets():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/s"
        server = Server(command=[WIRE, f"unix:{path}"])
        try:
            check(os.stat(path).st_mode & 0o777 == 0o600, f"{os.stat(path).st_mode:o}")
            check(answers(socket.AF_UNIX, path), "no answer")
            refused(f"unix:{path}", why="in use")
            check(answers(socket.AF_UNIX, path), "the living one was disturbed")
            server.process.kill()
            server.process.wait()
            check(os.path.exists(path), "a killed server leaves its file")
            with serving(command=[WIRE, f"unix:{path}", f"unix_mode={0o660}"]):
                check(os.stat(path).st_mode & 0o777 == 0o660, f"{os.stat(path).st_mode:o}")
                check(answers(socket.AF_UNIX, path), "in the place of the dead one")
            check(os.listdir(folder) == [], f"{os.listdir(folder)} stays")
        finally:
            if server.process.poll() is None:
                server.process.kill()


def unix_peers_have_limits():
    with tempfile.TemporaryDirectory() as folder:
        with serving(f"listen=unix:{folder}/s", "connections_per_peer=2"):
            peers = []
            for _ in range(3):
                s = socket.socket(socket.AF_UNIX)
                s.settimeout(10)
                s.connect(f"{folder}/s")
                peers.append(s)
            check(Reader(peers[2]).answer().status == 503, "a third connection of one user")
            for s in peers:
                s.close()


def unix_paths_that_are_refused():
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/file"
        with open(file, "w") as f:
            f.write("precious")
        os.symlink(file, f"{folder}/link")
        refused(f"unix:{file}", why="another file")
        refused(f"unix:{folder}/link", why="another file")
        refused(f"unix:{folder}", why="another file")
        refused("unix:", why="107 bytes")
        refused("unix:@abstract", why="107 bytes")
        refused("unix:/" + "a" * 108, why="107 bytes")
        refused(f"unix:{folder}/none/s", why="cannot listen")
        with open(file) as f:
            check(f.read() == "precious", "the file was touched")


def a_file_of_another_server_stays():
    """Removed at the end is only the file that was made here."""
    with tempfile.TemporaryDirectory() as folder:
        with serving(f"listen=unix:{folder}/s"):
            os.unlink(f"{folder}/s")
            other = socket.socket(socket.AF_UNIX)
            other.bind(f"{folder}/s")
        check(os.path.exists(f"{folder}/s"), "the other one's file is gone")
        other.close()


def activated(arguments, names=None, pid=True, count=None):
    """Runs the server as systemd would, with two listening sockets from descriptor 3 on; (sockets, command, options)."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    # Descriptors are moved to 3 and 4 by the shell.
    moves = f"exec 3<&{sockets[0].fileno()} 4<&{sockets[1].fileno()}; " + ("export LISTEN_PID=$$; " if pid else "")
    env = {**os.environ, "LISTEN_FDS": str(count or 2), **({"LISTEN_FDNAMES": names} if names else {})}
    return sockets, ["bash", "-c", moves + 'exec "$@"', "bash", WIRE, *arguments], \
        {"env": env, "pass_fds": [s.fileno() for s in sockets]}


def socket_activation():
    for arguments, names, wanted in ((["systemd:0"], None, 0), (["systemd:1"], None, 1),
                                     (["systemd:admin"], "http:admin", 1), (["systemd:http"], "http:admin", 0),
                                     (["systemd:1", "listen=systemd:0"], "http:admin", 1)):
        sockets, command, options = activated(arguments, names)
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
        try:
            line = process.stdout.readline()
            port = sockets[wanted].getsockname()[1]
            check(line.split()[:2] == ["port", str(port)], f"{arguments}: {line} for {port}")
            check(answers(socket.AF_INET, ("127.0.0.1", port)), f"{arguments}: no answer")
            process.terminate()
            check(process.wait(20) == 0, "exit status")
        finally:
            process.kill()
            process.wait()
            for s in sockets:
                s.close()


def socket_activation_that_is_none():
    for arguments, names, pid, count in ((["systemd"], None, True, 2), (["systemd:2"], None, True, 2),
                                         (["systemd:x"], None, True, 2), (["systemd:x"], "x:x", True, 2),
                                         (["systemd:http"], "http:admin", False, 2), (["systemd:"], None, True, 2),
                                         (["systemdx"], None, True, 1), (["systemd:7"], None, True, 99999),
                                         (["systemd:x"], "a:b:x", True, 2)):
        sockets, command, options = activated(arguments, names, pid, count)
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, **options)
        check(done.returncode == 1 and "wire_server:" in done.stderr, f"{arguments} {names}: {done.stderr}")
        for s in sockets:
            s.close()
    refused("fd:0", why="descriptor that listens", stdin=subprocess.DEVNULL)
    refused("fd:77", why="descriptor that listens")
    refused("fd:", why="descriptor that listens")
    refused("fd:99999999999", why="descriptor that listens")


run([several_addresses, one_family_or_both, the_peers_of_both_families_share_their_limit, unix_sockets,
     unix_peers_have_limits, unix_paths_that_are_refused, a_file_of_another_server_stays, socket_activation,
     socket_activation_that_is_none])
