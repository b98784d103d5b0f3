"""tests/client/gzip_test.py - compressed answers and requests of a client: by Python's zlib and by nginx, and what is no gzip (row 24)."""
import contextlib
import gzip
import os
import resource
import shutil
import subprocess
import tempfile
import zlib

from clientkit import BUILD, CALLER, ENVELOPE, FINE, THERMOSTAT, TYPE, Digest, Peer, call, check, free_port, head, listening, run, sanitized

NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
EVE = ("user=eve", "password=s3cret")
CONF = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
  log_format which "$gzip_ratio $sent_http_content_encoding"; access_log {folder}/log which; client_body_temp_path {folder}/b;
  proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port}; gzip on; gzip_min_length 1; gzip_types *;
    location = /thermostat {{ proxy_pass {thermostat}; }}
  }}
}}
"""
WAYS = [(), ("step=1",)]
if os.path.exists(os.path.join(BUILD, "libsoapbark_curl.a")):
    WAYS.append(("curl=1",))  # which carries bytes, and undoes no coding


def coded(body, coding="gzip", status=b"200 OK"):
    return (b"HTTP/1.1 " + status + b"\r\n" + TYPE + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def answers(request):
    accepted = request.fields.get("accept-encoding")
    return coded(gzip.compress(ENVELOPE)) if accepted == "gzip" else FINE


def asked_for_and_read():
    for way in WAYS:
        with Peer(answers) as peer:
            call(peer.url, "gzip=1", "times=3", *way).fine(3)
            check(all(r.fields["accept-encoding"] == "gzip" and "content-encoding" not in r.fields for r in peer.requests), peer.requests[0].all)
            call(peer.url, *way).fine()
            check("accept-encoding" not in peer.requests[3].fields, "asked for by a client that has none")
        for coding in ("x-gzip", "GZip"):
            with Peer(lambda request: coded(gzip.compress(ENVELOPE), coding)) as peer:
                call(peer.url, "gzip=1", *way).fine()
        with Peer(lambda request: coded(ENVELOPE, "identity")) as peer:
            call(peer.url, *way).fine()


def unasked_and_unknown():
    for way in WAYS:
        with Peer(lambda request: coded(gzip.compress(ENVELOPE))) as peer:
            call(peer.url, *way).says("not asked for")
        for coding in ("br", "deflate", "gzip, gzip", "gzip, identity", ""):
            with Peer(lambda request: coded(gzip.compress(ENVELOPE), coding)) as peer:
                call(peer.url, "gzip=1", *way).says("not asked for")


def broken():
    whole = gzip.compress(ENVELOPE)
    bad = bytearray(whole)
    bad[-5] ^= 1
    for body in (whole[:-1], whole[:20], whole + b"\0", whole + whole, bytes(bad), ENVELOPE, zlib.compress(ENVELOPE), b"\x1f\x8b"):
        for way in WAYS:
            with Peer(lambda request: coded(bytes(body))) as peer:
                call(peer.url, "gzip=1", *way).says("not one whole gzip member")
    with Peer(lambda request: coded(b"")) as peer:
        check(call(peer.url, "gzip=1").status == 1, "nothing was an answer")


def bombs():
    """64 MB in 65 KB, and in a kilobyte what is more than 64 KiB; both cost what came."""
    small = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(small.compress(b" " * (1 << 20)) for _ in range(64)) + small.flush()
    for way in WAYS:
        for body in (bomb, gzip.compress(ENVELOPE + b" " * 300000), bomb[:5000]):
            with Peer(lambda request: coded(body)) as peer:
                call(peer.url, "gzip=1", *way).says("expands to more than its limit")
        with Peer(lambda request: coded(gzip.compress(ENVELOPE + b" " * 60000))) as peer:
            call(peer.url, "gzip=1", *way).fine()
    if not sanitized(CALLER):
        with Peer(lambda request: coded(bomb)) as peer:
            subprocess.run([CALLER, peer.url, "gzip=1", "times=20"], capture_output=True, timeout=60)
            # of children that have ended: the caller's own arena and what came are most of it
            peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
            check(peak < 200 * 1024, f"a bomb took {peak} KB")


def other_statuses():
    """A fault is expanded as any answer; a challenge is answered whatever its page is packed in."""
    fault = ENVELOPE.split(b"<GetT")[0] + (b'<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text xml:lang="en">too cold'
                                           b'</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>')
    with Peer(lambda request: coded(gzip.compress(fault), status=b"500 No")) as peer:
        call(peer.url, "gzip=1").says("too cold")
    server = Digest()

    def ask(request):
        if server.right(request) is True:
            return coded(gzip.compress(ENVELOPE))
        return head(401, server.challenge(), "Content-Encoding: br", body=b"a page")
    with Peer(ask) as peer:
        call(peer.url, "gzip=1", *EVE, "times=2").fine(2)
        check(len(peer.requests) == 3, f"{len(peer.requests)} requests")


def requests():
    server = Digest()

    def answer(request):
        packed = request.fields.get("content-encoding")
        text = gzip.decompress(request.body) if packed else request.body
        check(text.endswith(b"Envelope>") and len(request.body) <= len(text), "another body")
        answer.packed.append(packed)
        return server(request)
    for way in WAYS:
        answer.packed = []
        with Peer(answer) as peer:
            call(peer.url, "gzip=1", "compress=1", *EVE, "times=2", *way).fine(2)
            call(peer.url, "gzip=1", "compress=100000", *EVE, *way).fine()
            call(peer.url, "compress=1", *EVE, *way).fine()
        check(set(answer.packed[:3]) == {"gzip"} and set(answer.packed[3:]) == {None}, f"{answer.packed}")
    with Peer(lambda request: head(415)) as peer:
        call(peer.url, "gzip=1", "compress=1").says("HTTP 415")


@contextlib.contextmanager
def nginx():
    port = free_port()
    backend = subprocess.Popen([THERMOSTAT, "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
    with tempfile.TemporaryDirectory() as folder:
        server = None
        try:
            conf = os.path.join(folder, "conf")
            with open(conf, "w") as out:
                out.write(CONF.format(folder=folder, port=port, thermostat=backend.stdout.readline().split()[-1]))
            os.chmod(folder, 0o755)
            server = subprocess.Popen([NGINX, "-p", folder, "-e", os.path.join(folder, "error.log"), "-c", conf])
            listening(server, port, lambda: "nginx did not start")
            yield f"http://127.0.0.1:{port}/thermostat", os.path.join(folder, "log")
        finally:
            for process in (server, backend):
                if process:
                    process.terminate()
                    process.wait(20)


def nginx_compresses():
    with nginx() as (url, log):
        for way in WAYS:
            call(url, "gzip=1", "times=2", *way).fine(2)
        call(url).fine()
        with open(log) as lines:
            said = lines.read().split("\n")[:-1]
        check([line.split()[1] for line in said] == ["gzip"] * 2 * len(WAYS) + ["-"], f"{said}")


def main():
    if not os.path.exists(os.path.join(BUILD, "libsoapbark_gzip.a")):
        print("skip client_gzip: built without zlib")
        return
    cases = [asked_for_and_read, unasked_and_unknown, broken, bombs, other_statuses]
    if os.path.exists(os.path.join(BUILD, "libsoapbark_tls.a")):
        cases.append(requests)  # Digest needs hashes
    if NGINX:
        cases.append(nginx_compresses)
    else:
        print("skip client_gzip_nginx: nginx is not installed")
    run(cases)


main()
