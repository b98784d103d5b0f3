"""tests/cli/fetch_test.py - soapbark fetch from a server on this machine, and --locked on what it wrote."""
import hashlib
import http.server
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build"))
COMMAND = BUILD / "soapbark"

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
WSDL = '''<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:t="urn:sum" xmlns:e="urn:e" targetNamespace="urn:sum">
  <w:types>
    <xs:schema %s><xs:import namespace="urn:e" schemaLocation="../types/e.xsd?v=1"/>
      <xs:import namespace="http://www.w3.org/2005/08/addressing" schemaLocation="http://nowhere.invalid/ws-addr.xsd"/></xs:schema>
  </w:types>
  <w:message name="in"><w:part name="p" element="e:Sum"/></w:message>
  <w:portType name="Sum"><w:operation name="Sum"><w:input message="t:in"/></w:operation></w:portType>
  <w:binding name="Sum" type="t:Sum"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <w:operation name="Sum"><s:operation soapAction="urn:sum"/><w:input><s:body use="literal"/></w:input></w:operation></w:binding>
</w:definitions>''' % XS
SUM = '<xs:schema %s targetNamespace="urn:e" elementFormDefault="qualified"><xs:include schemaLocation="%s"/>' \
      '<xs:element name="Sum" type="e:T" xmlns:e="urn:e"/></xs:schema>'
TYPE = '<xs:schema %s targetNamespace="urn:e"><xs:simpleType name="T"><xs:restriction base="xs:int"/></xs:simpleType></xs:schema>' % XS
FILES = {
    "/wsdl/sum.wsdl": WSDL,
    "/types/e.xsd?v=1": SUM % (XS, "deep/./t.xsd"),
    "/types/deep/t.xsd": TYPE,
    "/other.xsd": SUM % (XS, "http://localhost:PORT/types/deep/t.xsd"),
    "/file.xsd": SUM % (XS, "file:///etc/passwd"),
    "/up.xsd": SUM % (XS, "/../../%2e%2e/x/..%2f..%2fevil.xsd"),
    "/%2e%2e/x/..%2f..%2fevil.xsd": TYPE,
    "/html": "<html/>",
    "/big.xsd": "<!--" + "x" * 100000 + "-->" + TYPE,
    "/chain/0.xsd": None,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append(self.path)
        body, status, extra = FILES.get(self.path), 200, {}
        if self.path.startswith("/chain/"):
            number = int(self.path[7:].split(".")[0])
            body = SUM % (XS, f"{number + 1}.xsd")
        elif self.path == "/moved.xsd":
            body, status, extra = "", 302, {"Location": "/types/deep/t.xsd"}
        elif self.path == "/away.xsd":
            body, status, extra = "", 302, {"Location": f"http://localhost:{self.server.server_address[1]}/types/deep/t.xsd"}
        elif self.path == "/loop.xsd":
            body, status, extra = "", 302, {"Location": "/loop.xsd"}
        elif body is None:
            body, status = "no", 404
        data = body.replace("PORT", str(self.server.server_address[1])).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args):
        pass


def serve(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.asked = []
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def run(*words):
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, timeout=60)


failed = False


def case(name, good, why=""):
    global failed
    failed = failed or not good
    print(f"ok {name}" if good else f"not ok {name}: {why!r}")


def refused(name, got, status, words, folder):
    """Exit status, words of the message, and nothing written."""
    good = got.returncode == status and all(w in got.stderr for w in words) and not os.path.exists(folder)
    case(name, good, (got.returncode, got.stderr))


def lock_cases(base, host, top):
    lock = base / "soapbark.lock"
    wsdl = base / host / "wsdl/sum.wsdl"
    out = top / "out"
    rows = [line.split(" ") for line in lock.read_text().splitlines() if not line.startswith("#")]
    case("lock_lines", len(rows) == 3 and all(len(r) == 5 for r in rows), rows)
    case("lock_digests", all(hashlib.sha256((base / r[2]).read_bytes()).hexdigest() == r[0] and
                             (base / r[2]).stat().st_size == int(r[1]) for r in rows), rows)
    case("lock_namespaces", [r[3] for r in rows] == ["urn:sum", "urn:e", "urn:e"], rows)
    got = run("compile", wsdl, "--locked", lock, "-o", out, "--quiet")
    case("compile_locked", got.returncode == 0 and got.stderr == "", got.stderr)
    got = run("compile", wsdl, "-o", out, "--quiet")
    case("compile_without_the_lock_misses_the_query", got.returncode == 2 and "E0104" in got.stderr, got.stderr)
    document = top / "sum.xml"
    document.write_text('<Sum xmlns="urn:e">1</Sum>')
    got = run("validate", document, "--schema", wsdl, "--locked", lock)
    case("validate_locked", got.returncode == 0, got.stderr)
    deep = base / rows[2][2]
    before = deep.read_text()
    deep.write_text(before.replace("xs:int", "xs:INT"))
    got = run("compile", wsdl, "--locked", lock, "-o", out)
    case("a_changed_file_is_refused_at_its_include",
         got.returncode == 2 and "error[E0108]" in got.stderr and "e.xsd" in got.stderr.split(":")[0] and
         "its SHA-256 is" in got.stderr, got.stderr)
    got = run("call", "http://127.0.0.1:1/", "Sum", "--wsdl", wsdl, "--locked", lock)
    case("call_locked", got.returncode == 2 and "E0108" in got.stderr, got.stderr)
    deep.write_text(before)
    lock.write_text("\n".join(" ".join(r) for r in rows[:2]) + "\n")
    got = run("compile", wsdl, "--locked", lock, "--path", deep.parent, "-o", out)
    case("a_file_that_is_not_locked_is_refused", got.returncode == 2 and "error[E0107]" in got.stderr, got.stderr)
    lock.write_text(lock.read_text() + "nonsense\n")
    got = run("compile", wsdl, "--locked", lock, "-o", out)
    case("a_broken_lock_is_said_with_its_line", got.returncode == 2 and "soapbark.lock:3:1: error[E0107]" in got.stderr,
         got.stderr)
    got = run("compile", wsdl, "--locked", top / "absent", "-o", out)
    case("an_absent_lock_is_said", got.returncode == 2 and "cannot read the lock" in got.stderr, got.stderr)


def secure_cases(top):
    if not shutil.which("openssl"):
        print("skip https: no openssl")
        return
    got = run("fetch", "https://127.0.0.1:1/x", "-o", top / "no")
    if "libcurl" in got.stderr:
        case("https_without_libcurl_is_refused", got.returncode == 3 and not (top / "no").exists(), got.stderr)
        print("skip https: built without libcurl")
        return
    key, cert = top / "key.pem", top / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = serve(context)
    url = f"https://127.0.0.1:{server.server_address[1]}"
    refused("https_untrusted", run("fetch", url + "/types/deep/t.xsd", "-o", top / "no"), 3, ["E0101"], top / "no")
    got = run("fetch", url + "/wsdl/sum.wsdl", "-o", top / "tls", "--cafile", cert)
    case("https_fetch", got.returncode == 0 and got.stdout.count("\n") == 3, got.stderr)
    refused("https_too_big", run("fetch", url + "/big.xsd", "-o", top / "no", "--cafile", cert, "--max-bytes", 5000), 3,
            ["larger"], top / "no")
    server.shutdown()


def main():
    top = pathlib.Path(tempfile.mkdtemp())
    server = serve()
    port = server.server_address[1]
    url, no = f"http://127.0.0.1:{port}", top / "no"
    got = run("fetch", url + "/wsdl/sum.wsdl", "-o", top / "vendor")
    case("fetch", got.returncode == 0 and got.stdout.count("\n") == 3 and got.stderr == "", got.stderr)
    case("each_file_once_and_the_catalog_not_at_all",
         server.asked == ["/wsdl/sum.wsdl", "/types/e.xsd?v=1", "/types/deep/t.xsd"], server.asked)
    lock_cases(top / "vendor", f"127.0.0.1_{port}", top)
    refused("another_host", run("fetch", url + "/other.xsd", "-o", no), 2, ["error[E0104]", "--host"], no)
    got = run("fetch", url + "/other.xsd", "-o", top / "two", "--host", f"localhost:{port}")
    case("another_host_allowed", got.returncode == 0, got.stderr)
    refused("a_file_url", run("fetch", url + "/file.xsd", "-o", no), 2, ["error[E0104]", "not fetched"], no)
    refused("absent", run("fetch", url + "/absent.xsd", "-o", no), 3, ["error[E0101]", "status 404"], no)
    refused("no_schema", run("fetch", url + "/html", "-o", no), 2, ["error[E0103]"], no)
    refused("redirect", run("fetch", url + "/moved.xsd", "-o", no), 3, ["--redirects"], no)
    got = run("fetch", url + "/moved.xsd", "-o", top / "moved", "--redirects", 1)
    case("redirect_asked_for", got.returncode == 0, got.stderr)
    refused("redirect_to_another_host", run("fetch", url + "/away.xsd", "-o", no, "--redirects", 5), 3, ["--host"], no)
    refused("redirect_loop", run("fetch", url + "/loop.xsd", "-o", no, "--redirects", 5), 3, ["a redirect to"], no)
    refused("too_many_files", run("fetch", url + "/chain/0.xsd", "-o", no, "--max-files", 5), 2, ["more than 5 files"], no)
    refused("too_deep", run("fetch", url + "/chain/0.xsd", "-o", no), 2, ["more than 32 deep"], no)
    refused("too_big", run("fetch", url + "/big.xsd", "-o", no, "--max-bytes", 5000), 3, ["error[E0101]"], no)
    refused("no_url", run("fetch", "sum.wsdl", "-o", no), 2, ["no http or https URL"], no)
    refused("nobody_there", run("fetch", "http://127.0.0.1:1/x", "-o", no), 3, ["cannot fetch"], no)
    got = run("fetch", url + "/up.xsd", "-o", top / "deep/er")
    names = sorted(str(p.relative_to(top / "deep")) for p in (top / "deep").rglob("*") if p.is_file())
    case("no_name_leaves_the_folder", got.returncode == 0 and len(names) == 3 and all(n.startswith("er/") for n in names), names)
    server.shutdown()
    secure_cases(top)
    shutil.rmtree(top)
    return failed


sys.exit(main())
