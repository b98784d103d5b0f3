#!/usr/bin/env python3
"""tests/wsdl/parcels_test.py - HTTP bindings over the wire: curl, urllib, requests, PHP and zeep call parcels.wsdl.
"""
# time-out: 240
import base64
import os
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree
from pathlib import Path

try:
    import requests
    import zeep
except ImportError:
    requests = zeep = None
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):
        os.environ["PEER_AGAIN"] = "1"  # Debian's zeep belongs to Debian's Python
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "peers"))
from peerkit import BUILD, ROOT, Skip, check, command, need, program, run  # noqa: E402

WSDL = ROOT / "tests" / "wsdl" / "parcels.wsdl"
SERVER = BUILD / "tests" / "parcels_server"
FORM = "application/x-www-form-urlencoded"
ORDER = '<p:Order xmlns:p="urn:parcels"><p:to>a &amp; b</p:to><p:grams>12</p:grams></p:Order>'
QUOTE = {"grams": 100, "service": "fast", "sizes": "2 3", "notes": ["a b+c", "ä&€=", ""]}


def ask(url, data=None, method=None, **fields):
    """Status, head and text of an answer."""
    request = urllib.request.Request(url, data, {k.replace("_", "-"): v for k, v in fields.items()}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read().decode()


def quote_check(text):
    root = xml.etree.ElementTree.fromstring(text.encode() if isinstance(text, str) else text)
    got = [(child.tag.split("}")[1], child.text or "") for child in root]
    check(got == [("cents", "30"), ("service", "fast"), ("note", "a b+c"), ("note", "ä&€="), ("note", ""),
                  ("volume", "6")], f"the quote: {got}")


def with_urllib():
    with program(SERVER) as url:
        pairs = urllib.parse.urlencode(QUOTE, doseq=True)
        status, head, text = ask(f"{url}/quote?{pairs}")
        check(status == 200 and head["Content-Type"] == "text/xml; charset=utf-8", f"{status} {head}")
        quote_check(text)
        quote_check(ask(f"{url}/quote", pairs.encode())[2])
        place = urllib.parse.quote("Köln/Süd?#%", safe="")
        status, _, text = ask(f"{url}/status/AB12/at/{place}.xml")
        check(status == 200 and "Köln/Süd?#%" in text, f"the path: {status} {text}")
        status, head, text = ask(f"{url}/label?text=x")
        check((status, head["Content-Type"], text) == (200, "text/plain; charset=utf-8", "* x *\n"), f"label: {text}")
        check(ask(f"{url}/count")[2] == "42", "count")
        check(ask(f"{url}/note", b"text=x")[0] == 202, "one way")
        status, _, text = ask(f"{url}/order", ORDER.encode(), Content_Type="text/xml")
        check(status == 200 and "<p:where>a &amp; b</p:where>" in text, f"order: {text}")


def refusals():
    with program(SERVER) as url:
        for what, status, fields in (
                (ask(f"{url}/quote?grams=1&service=slow&sizes=1&notes=%FF"), 400, "(at byte 35)"),
                (ask(f"{url}/quote?grams=1&grams=1"), 400, "grams: "),
                (ask(f"{url}/quote?grams=1&hidden=1"), 400, "hidden: "),
                (ask(f"{url}/status/AB12/at/x.xml", b"text=x"), 405, ""),
                (ask(f"{url}/order"), 405, ""),
                (ask(f"{url}/count", method="DELETE"), 405, ""),
                (ask(f"{url}/nothing"), 404, ""),
                (ask(f"{url}?grams=1"), 404, ""),
                (ask(url), 405, ""),
                (ask(f"{url}/note", b"text=fail"), 500, "no ink"),
                (ask(f"{url}/quote", b"<a/>", Content_Type="text/xml"), 415, ""),
                (ask(f"{url}/order", b"order=1", Content_Type=FORM), 415, ""),
                (ask(f"{url}/order", b"<!DOCTYPE a><a/>", Content_Type="text/xml"), 400, ""),
                (ask(f"{url}/count", Host="evil.example"), 403, ""),
                (ask(f"{url}/count", Sec_Fetch_Site="cross-site"), 403, ""),
                (ask(f"{url}/note", b"text=x", Origin="http://evil.example"), 403, ""),
                (ask(f"{url}/note", b"text=x", Origin="null"), 403, ""),
                (ask(f"{url}/note", b"text=x", Origin="/".join(url.split("/")[:3])), 202, ""),
                # the service at /soap has not asked for HTTP bindings
                (ask(url.replace("parcels", "soap/quote") + "?grams=1"), 404, ""),
                (ask(url.replace("parcels", "soap/order"), ORDER.encode(), Content_Type="text/xml"), 404, "")):
            check(what[0] == status and fields in what[2], f"{what[0]} instead of {status}: {what[2]}")
            check(not what[2] or what[1]["Content-Type"].startswith("text/plain"), f"{what[1]}")
        check(ask(f"{url}/status/AB12/at/x.xml", b"")[1]["Allow"] == "GET, HEAD", "Allow of a GET")
        check(ask(f"{url}/order")[1]["Allow"] == "POST", "Allow of a POST")
        body = "&".join(["notes=a"] * 100000).encode()
        check(ask(f"{url}/quote", body + b"&grams=1&service=slow&sizes=1")[0] == 400, "100,000 parameters")
        check(ask(f"{url}/count")[2] == "42", "the server goes on")


def soap_beside():
    """SOAP reaches what has a SOAP binding, and nothing else."""
    def envelope(content):
        return ('<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>' + content +
                "</e:Body></e:Envelope>").encode()
    with program(SERVER) as url:
        for at in (url, url.replace("parcels", "soap")):
            status, _, text = ask(at, envelope(ORDER), Content_Type="text/xml")
            check(status == 200 and "AA12" in text, f"{status} {text}")
            hidden = '<p:NoteIn xmlns:p="urn:parcels"><text>x</text></p:NoteIn>'
            status, _, text = ask(at, envelope(hidden), Content_Type="text/xml")
            check(status == 500 and "names no operation" in text, f"{status} {text}")


def who_calls():
    def basic(password, user="eve"):
        return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
    try:
        server = program(SERVER, "auth")
        url = server.__enter__()
    except Exception as error:  # pylint: disable=broad-except
        raise Skip(f"no cryptography: {error}")
    try:
        for got, want in (
                (ask(f"{url}/quote?grams=1&service=slow&sizes=1"), 200),
                (ask(f"{url}/status/AB12/at/x.xml"), 401),
                (ask(f"{url}/status/12/at/x.xml"), 401),  # who calls is asked before parameters are read
                (ask(f"{url}/status/AB12/at/x.xml", Authorization=basic("wrong")), 401),
                (ask(f"{url}/status/AB12/at/x.xml", Authorization=basic("secret")), 200),
                (ask(f"{url}/label?text=x", Authorization=basic("secret")), 403),
                (ask(f"{url}/count", Authorization=basic("secret")), 403),  # no class: nobody
                # its class says that it changes something: not by GET, whoever asks
                (ask(f"{url}/label?text=x", Authorization=basic("secret", "ann")), 403),
                (ask(f"{url}/label?text=x", method="HEAD", Authorization=basic("secret", "ann")), 403),
                (ask(f"{url}/box", b"code=AB1&box-secret=open"), 401),
                (ask(f"{url}/box", b"code=AB1&box-secret=open", Authorization=basic("secret")), 403),
                (ask(f"{url}/box", b"code=AB1&box-secret=open", Authorization=basic("secret", "ann")), 200),
                # nor is credentials' owner asked by a page of another site
                (ask(f"{url}/box", b"code=AB1&box-secret=open", Authorization=basic("secret", "ann"),
                     Origin="http://evil.example"), 403),
                (ask(f"{url}/status/AB12/at/x.xml", Authorization=basic("secret"), Sec_Fetch_Site="same-site"), 403),
                (ask(f"{url}/status/AB12/at/x.xml", Authorization=basic("secret"), Sec_Fetch_Site="none"), 200),
                (ask(f"{url}/note", b"text=x"), 202),
                (ask(f"{url}/order", ORDER.encode(), Content_Type="text/xml"), 401),
                (ask(f"{url}/order", ORDER.encode(), Content_Type="text/xml", Authorization=basic("secret")), 200)):
            check(got[0] == want, f"{got[0]} instead of {want}: {got[2]}")
        check("Digest" in ask(f"{url}/status/AB12/at/x.xml")[1]["WWW-Authenticate"], "a challenge")
        need("curl")
        text = command("curl", "-sS", "--digest", "-u", "eve:secret", "-H", "Content-Type: text/xml", "-d", ORDER,
                       f"{url}/order")
        check("AA12" in text, f"curl --digest: {text}")
    finally:
        server.__exit__(None, None, None)


def with_curl():
    need("curl")
    with program(SERVER) as url:
        words = ["curl", "-sS", "--fail"]
        for name, value in QUOTE.items():
            for one in value if isinstance(value, list) else [value]:
                words += ["--data-urlencode", f"{name}={one}"]
        quote_check(command(*words, f"{url}/quote"))
        quote_check(command(*words, "--get", f"{url}/quote"))
        head = command("curl", "-sS", "-I", f"{url}/count")
        check("200 OK" in head and "text/plain" in head, f"HEAD: {head}")


PICTURE = bytes(range(256)) + b"\r\n--\r\n-" + b"\xff" * 3000  # octets that are no text


def forms_with_curl():
    """curl -F: texts, and a file with the name and type that curl gives it."""
    need("curl")
    with tempfile.TemporaryDirectory() as folder, program(SERVER) as url:
        file, got = Path(folder) / 'pic "1";.png', Path(folder) / "got"
        file.write_bytes(PICTURE)
        escaped = str(file).replace('"', '\\"')
        words = ["curl", "-sS", "-F", "code=AB1", "-F", f'picture=@"{escaped}"', "-F", "sizes=2 3"]
        command(*words, "-F", "notes=a b+c%41", "-o", str(got), f"{url}/picture")
        check(got.read_bytes() == PICTURE, f"{len(got.read_bytes())} bytes of curl's")
        text = command(*words, "-F", "notes=fail", "-F", "notes=ä&€=", "-F", "sizes=5;type=text/plain;charset=utf-8", f"{url}/picture")
        check(text == "2 notes, 3 sizes, code AB1\n", text)
        text = command(*words, "-F", "notes=x;type=text/plain;charset=latin1", f"{url}/picture")
        check("notes: [RFC7578 5.1.2]" in text, text)
        text = command(*words, "-F", "code=AB2", f"{url}/picture")
        check("code: " in text and "stands only once" in text, text)
        text = command("curl", "-sS", "-d", "code=AB1", "-w", "%{http_code}", f"{url}/picture")
        check(text.endswith("415"), text)


def forms_with_requests():
    if not requests:
        raise Skip("requests is not installed")
    with program(SERVER) as url:
        fields = {"code": "AB1", "sizes": "2 3", "notes": ["a", "ä&€="]}
        for name in ("pic.png", "\u00e4 \u20ac.png", 'a"; name="code'):
            got = requests.post(f"{url}/picture", data=fields, files={"picture": (name, PICTURE, "image/png")}, timeout=20)
            check(got.status_code == 200 and got.content == PICTURE, f"{name}: {got.status_code} {got.text[:200]}")
            check(got.headers["Content-Type"] == "application/octet-stream", f"{got.headers}")
        got = requests.post(f"{url}/picture", data=fields, files={"picture": ("p", b"x" * 100001)}, timeout=20)
        check(got.status_code == 400 and "picture: [XSD2 4.3.3]" in got.text, f"{got.status_code} {got.text}")
        got = requests.post(f"{url}/picture", data=fields, files={"picture": ("p", b"x"), "other": ("o", b"y")}, timeout=20)
        check(got.status_code == 400 and "other: " in got.text, f"{got.status_code} {got.text}")
        got = requests.post(f"{url}/picture", data=fields, files={"picture": ("p", b"x")}, headers={"Origin": "http://evil.example"},
                            timeout=20)
        check(got.status_code == 403, f"another site's form: {got.status_code}")


def part(head, value=b""):
    return b"--b\r\n" + head.encode() + b"\r\n\r\n" + value + b"\r\n"


def form_attacks():
    """Row 23 in forms: floods of parts and heads, boundaries that do not come, and bodies in single bytes."""
    kind = "multipart/form-data; boundary=b"
    code = part('Content-Disposition: form-data; name="code"', b"AB1")
    note = part('Content-Disposition: form-data; name="notes"', b"a")
    rest = part('Content-Disposition: form-data; name="picture"', b"x") + part('Content-Disposition: form-data; name=sizes', b"1")
    with program(SERVER) as url:
        for what, body, status in (("good", code + rest + b"--b--\r\n", 200),
                                   ("100,000 parts", code + note * 100000 + rest + b"--b--\r\n", 400),
                                   ("a head of a megabyte", part("Content-Disposition: form-data; name=code\r\nX: " + "a" * (1 << 20), b"AB1"), 400),
                                   ("a preamble of a megabyte", b"a" * (1 << 20) + b"\r\n" + code + rest + b"--b--\r\n", 400),
                                   ("an epilogue of a megabyte", code + rest + b"--b--\r\n" + b"a" * (1 << 20), 400),
                                   ("no last boundary", code + rest, 400), ("boundaries only", b"--b\r\n" * 100000, 400),
                                   ("dashes", b"-" * (1 << 20), 400), ("nothing", b"--b--\r\n", 400)):
            got, head, text = ask(f"{url}/picture", body, Content_Type=kind)
            check(got == status, f"{what}: {got} {text[:200]}")
            check(got == 200 or head["Content-Type"] == "text/plain; charset=utf-8", f"{what}: {head}")
        for wrong in ("multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'b' * 71}"):
            check(ask(f"{url}/picture", code + rest + b"--b--\r\n", Content_Type=wrong)[0] in (400, 415), wrong)
        check(ask(f"{url}/count")[2] == "42", "the server goes on")


def with_requests():
    if not requests:
        raise Skip("requests is not installed")
    with program(SERVER) as url:
        quote_check(requests.get(f"{url}/quote", params=QUOTE, timeout=20).content)
        quote_check(requests.post(f"{url}/quote", data=QUOTE, timeout=20).content)
        check(requests.get(f"{url}/label", params={"text": "x/y"}, timeout=20).text == "* x/y *\n", "label")


def with_zeep():
    """HttpGetBinding and HttpPostBinding of zeep, which read our WSDL."""
    if not zeep:
        raise Skip("zeep is not installed")
    with program(SERVER) as url:
        own = BUILD / "tests" / "parcels_zeep.wsdl"
        own.write_text(WSDL.read_text(encoding="utf-8").replace("http://127.0.0.1/parcels", url), encoding="utf-8")
        client = zeep.Client(str(own))
        kinds = {name: type(port.binding).__name__ for name, port in client.wsdl.services["Parcels"].ports.items()}
        check(kinds["ParcelsGet"] == "HttpGetBinding" and kinds["ParcelsPost"] == "HttpPostBinding", f"{kinds}")
        for port in ("ParcelsGet", "ParcelsPost"):
            service = client.bind("Parcels", port)
            notes, sizes = (["a", "ä&b"], [2, 3]) if port == "ParcelsGet" else ("b", "2 3")  # its forms take no lists
            answer = service.GetQuote(grams=100, service="fast", notes=notes, sizes=sizes)
            check((answer.cents, answer.service, answer.volume) == (30, "fast", 6), f"{port}: {answer}")
            check(answer.note == notes or port == "ParcelsPost", f"{port}: {answer}")
            try:
                answer = service.GetQuote(grams="many", service="fast", notes=[], sizes=[2])
                check(False, f"{port} took many grams: {answer}")
            except zeep.exceptions.Fault as error:  # what zeep makes of every status but 200
                check("grams: " in str(error.message), f"{error}")
        answer = client.bind("Parcels", "ParcelsGet").GetStatus(code="AB12", place="Ulm")
        check((answer.code, answer.where) == ("AB12", "Ulm"), f"urlReplacement: {answer}")


def attacks():
    """What an attacker writes into parameters and paths: refused, or a value that stays one."""
    base = "grams=1&service=slow&sizes=1"
    long = "a" * 9000
    with program(SERVER) as url:
        for target, status, found in (
                # percent-encoding [RFC3986 2.1]: whole escapes, resolved once
                ("/label?text=%", 400, ""), ("/label?text=%4", 400, ""), ("/label?text=%4g", 400, ""),
                ("/label?text=%u0041", 400, ""), ("/label?text=%2541", 200, "* %41 *"),
                ("/label?t%65xt=x", 200, "* x *"), ("/l%61bel?text=x", 404, ""), ("/label%3Ftext=x", 404, ""),
                # "+" is a space in a query, and a plus in a path
                ("/label?text=a+b%2Bc", 200, "* a b+c *"), ("/status/AB12/at/a+b.xml", 200, "<p:where>a+b</p:where>"),
                # names: none, empty, unknown, doubled in another spelling
                ("/label?=x", 400, ""), ("/label?text=x&=y", 400, ""), ("/label?text=x&&", 200, "* x *"), ("/label?text", 200, "*  *"),
                ("/label?text=x&text=y", 400, "only once"), ("/label?text=x&%74ext=y", 400, "only once"),
                ("/label?text=x;text=y", 200, "* x;text=y *"), ("/label?Text=x", 400, "Text: "), ("/label?text%00=x", 400, ""),
                ("/label?text=a=b", 200, "* a=b *"),
                # octets that are no text: NUL, controls, overlong and cut UTF-8, surrogates, beyond Unicode
                ("/label?text=%00", 400, "text: "), ("/label?text=a%00b", 400, "text: "), ("/label?text=%1b%5b2J", 400, "text: "),
                ("/label?text=%C0%AF", 400, "text: "), ("/label?text=%E0%80%AF", 400, "text: "),
                ("/label?text=%F0%80%80%AF", 400, "text: "), ("/label?text=%C3", 400, "text: "),
                ("/label?text=%ED%A0%80", 400, "text: "), ("/label?text=%F4%90%80%80", 400, "text: "),
                ("/label?text=%EF%BF%BE", 400, "text: "), (f"/label?{base}", 400, "grams: "),
                # paths: a value is one segment as it came, and dots are nobody's parent
                ("/status/AB12/at/..%2F..%2Fetc%2Fpasswd.xml", 200, "<p:where>../../etc/passwd</p:where>"),
                ("/status/AB12/at/../../x.xml", 404, ""), ("/status/AB12/at/...xml", 200, "<p:where>..</p:where>"),
                ("/status/AB12/at/x.xml/", 404, ""), ("/status//at/x.xml", 400, "code: "), ("//status/AB12/at/x.xml", 404, ""),
                ("/status/AB12/at/x.xml?place=y", 400, ""), ("/status/AB12%2Fat%2Fx.xml", 404, ""),
                ("/status/AB12/at/%00.xml", 400, "place: "), ("/status/AB12/at/%C0%AE%C0%AE.xml", 400, "place: "),
                ("/../parcels/count", 404, ""), ("/./count", 404, ""), ("/count/", 404, ""), ("/Count", 404, ""), ("/count;x=1", 404, ""),
                # reflected: what is said of a value is plain text
                ("/label?%3Cscript%3E=1", 400, "<script>: "), ("/quote?grams=%3Cscript%3E", 400, ""),
                (f"/label?text={long}", 200, f"* {long} *"), (f"/label?{long}=1", 400, ""), (f"/label?text={'a' * 40000}", 414, "")):
            got, head, text = ask(url + target)
            check(got == status and found in text, f"{target[:80]}: {got} instead of {status}: {text[:200]}")
            if got == 200 or (got == 400 and text[0] != "4"):  # the second is not said by HTTP
                check(head["X-Content-Type-Options"] == "nosniff" and head["Cache-Control"] == "no-store", f"{target[:80]}: {head}")
            check(got != 400 or head["Content-Type"] == "text/plain; charset=utf-8", f"{target[:80]}: {head}")
        # limits of forms: names, texts, items, parameters
        for body, status in ((b"text=" + b"a" * (1 << 20), 202), (b"text=" + b"a" * (1 << 20) + b"a", 400),
                             (b"text=" + b"%41" * (1 << 20), 202), (b"text=x&" + b"y=&" * 300000, 400), (b"&" * 300000 + b"text=x", 202),
                             (b"text=x y", 400), (b"text=\xc3\xa4", 400), (b"text=x\r\n", 400), (b"text=x\0", 400)):
            got, _, text = ask(f"{url}/note", body)
            check(got == status, f"{body[:40]}: {got} instead of {status}: {text[:200]}")
        for fields in ({"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Sec_Fetch_Site": "x"},
                       {"Origin": "null"}, {"Origin": ""}, {"Origin": "/".join(url.split("/")[:3]) + ".evil.example"},
                       {"Origin": "ftp" + "/".join(url.split("/")[:3])[4:]}):
            check(ask(f"{url}/count", **fields)[0] == 403 and ask(f"{url}/note", b"text=x", **fields)[0] == 403, f"{fields}")
        for site in ("same-origin", "none"):
            check(ask(f"{url}/count", Sec_Fetch_Site=site)[0] == 200, site)
        check(ask(f"{url}/count")[0] == 200, "served after all that")


def captures():
    """Exchanges as files, secrets taken out of query, form and path, and answered again."""
    with tempfile.TemporaryDirectory() as folder:
        with program(SERVER, "capture", folder) as url:
            pairs = urllib.parse.urlencode(QUOTE, doseq=True)
            for target, body, kind, status in (
                    (f"/quote?{pairs}", None, None, 200), ("/quote", pairs, FORM, 200), ("/label?text=end%0Aof+it", None, None, 200),
                    ("/count", None, None, 200), ("/order", ORDER, "text/xml", 200), ("/note", "text=x", FORM, 202),
                    ("/note", "text=fail", FORM, 500), ("/box", "code=AB1&box%2Dsecret=hunter2", FORM, 200),
                    ("/box/hunter2/of/AB1", None, None, 200), ("/box/x/of/AB1", None, None, 400),
                    # refused: nothing is known of it, so it is not kept
                    ("/label?text=x&hunter2=y", None, None, 400), ("/box", "code=hunter2&box-secret=hunter2", FORM, 400)):
                got, _, text = ask(url + target, body.encode() if body else None, **({"Content_Type": kind} if kind else {}))
                check(got == status, f"{target}: {got} {text}")
        files = sorted(Path(folder).iterdir())
        texts = [file.read_text(encoding="utf-8") for file in files]
        check(len(files) == 10, f"{len(files)} files")
        check(not any("hunter2" in text for text in texts), f"a secret: {[t for t in texts if 'hunter2' in t]}")
        for text, parts in ((texts[0], ("case GetQuote_", "method GET\n", f"path /parcels/quote?{pairs}\nsend\n\nwant 200 text/xml")),
                            (texts[1], ("path /parcels/quote\n", f"type {FORM}\nsend\n{pairs}\n")),
                            (texts[2], ("want 200 text/plain; charset=utf-8\n* end*of it **\nend\n",)),
                            (texts[4], ("<p:to>a &amp; b</p:to>",)), (texts[6], ("want 500 text/plain", "\n*\nend\n")),
                            (texts[7], ("code=AB1&box%2Dsecret=REDACTED\n",)), (texts[8], ("path /parcels/box/REDACTED/of/AB1\n",)),
                            (texts[9], ("box/REDACTED/of/AB1\nsend\n\nwant 400 text/plain; charset=utf-8\n*\nend\n",))):
            check(all(part in text for part in parts), f"{parts} in {text}")

        def replay(*words):
            done = subprocess.run([str(BUILD / "soapbark"), "replay", *words], text=True, capture_output=True, timeout=60,
                                  check=False)
            return done.returncode, done.stdout, done.stderr
        with program(SERVER) as url:
            server = url.rsplit("/", 1)[0]
            again = [str(file) for file in files[:9]]  # the tenth was refused for its secret, which is REDACTED now
            check(replay(*again, "--url", server)[:2] == (0, "9 exchanges, 0 different\n"), f"{replay(*again, '--url', server)}")
            status, out, _ = replay(str(files[9]), "--url", server)
            check(status == 1 and "wanted status 400, got 200" in out, out)
            own = Path(folder) / "changed.txt"
            for text, change, what in ((texts[0], ("grams=100", "grams=200"), "/Quote/cents: the text: wanted 30, got 60"),
                                       (texts[2], ("* end*of it **", "* no *"), "/: another answer than the captured one"),
                                       (texts[3], ("method GET", "method POST"), "wanted status 200, got 405")):
                own.write_text(text.replace(*change), encoding="utf-8")
                status, out, err = replay(str(own), "--url", server, "--wsdl", str(WSDL))
                check(status == 1 and what in out, f"{change}: {status} {out} {err}")
                operation = "no operation of it" if change[1] == "method POST" else text.split("_")[0][5:]
                check(f": {operation}: " in out, f"the operation: {out}")
            own.write_text("case t\nmethod PUT\npath /parcels/count\nsend\n\nwant 200 x\n\nend\n", encoding="utf-8")
            check(replay(str(own), "--url", server)[0] == 2, "a method of its own")
            own.write_text("case t\nmethod GET\npath /parcels/count\nsend\nx\nwant 200 x\n42\nend\n", encoding="utf-8")
            check(replay(str(own), "--url", server)[0] == 3, "a GET with a body")
        # a case from elsewhere, before its secrets were taken out
        own.write_text("case t\nmethod GET\npath /parcels/box/hunter2/of/AB1?x=hunter2\nsend\n\nwant 200 text/xml\n\nend\n"
                       f"case u\npath /parcels/box\ntype {FORM}\nsend\ncode=AB1&box-secret=hunter2&odd=hunter2\nwant 400 text/plain\n"
                       "hunter2\nend\n", encoding="utf-8")
        status, out, err = replay(str(own), "--to-case", "--wsdl", str(WSDL))
        check("hunter2" not in out and "box-secret=REDACTED&odd=REDACTED" in out and status == 0, f"{status} {out} {err}")


def call(url, *words, status=0):
    done = subprocess.run([str(BUILD / "soapbark"), "call", url, words[0], "--wsdl", str(WSDL), *words[1:]], text=True,
                          capture_output=True, timeout=60, check=False)
    check(done.returncode == status, f"soapbark call {words}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


def with_our_client():
    """soapbark call, by the port type's name or where nothing else has the operation."""
    quote = ("grams=100", "service=fast", "notes=a b+c", "notes=ä&€=", "notes=", "sizes=2 3")
    with program(SERVER) as url:
        for port in ("ParcelsGet", "ParcelsPost"):
            quote_check(call(url, "GetQuote", "--port-type", port, "--xml", *quote))
            got = call(url + "/", "GetQuote", "--port-type", port, *quote)
            check('"cents": 30' in got and '"volume": 6' in got, f"{port}: {got}")
        check("several port types" in call(url, "GetQuote", *quote, status=2), "ambiguous")
        got = call(url, "GetStatus", "code=AB12", "place=Köln/Süd.xml?#")
        check('"where": "Köln/Süd.xml?#"' in got, f"a path: {got}")
        check('"label": "* x y *' in call(url, "GetLabel", "text=x y"), "text")
        check('"count": 42' in call(url, "Count"), "no parameters")
        check(call(url, "Note", "text=x") == "", "one way")
        got = call(url, "Note", "text=fail", status=3)
        check("HTTP 500" in got and "no ink" in got, f"a fault: {got}")
        check('"AA7"' in call(url, "PutOrder", "to=me", "grams=7"), "by SOAP, which it has")
        order = ("PutOrder", "to=me", "grams=7")
        check('"AA7"' in call(url, *order, "--by", "post"), "by POST, which it has too")
        got = call(url, *order, "--by", "post", "--dry-run")
        check(got.startswith(f"POST {url}/order\n<") and "Envelope" not in got, f"dry run by POST: {got}")
        check("Envelope" in call(url, *order, "--by", "soap", "--dry-run"), "dry run by SOAP")
        for words, status, reason in (
                ((*order, "--by", "get"), 2, "no operation 'PutOrder' to call by get"),
                (("Count", "--by", "soap"), 2, "no operation 'Count' to call by soap"),
                ((*order, "--by", "put"), 2, "--by wants soap, get or post, not 'put'"),
                ((*order, "--by", "post", "--soap", "1.2"), 2, "--by post has no envelope"),
                ((*order, "--by", "post", "--attach", str(WSDL)), 3, "carries no attachments")):
            check(reason in call(url, *words, status=status), f"{words}")
        for way, first in (("get", f"GET {url}/quote?grams=100"), ("post", f"POST {url}/quote\n")):
            quote_check(call(url, "GetQuote", "--by", way, "--xml", *quote))  # of two port types
            check(call(url, "GetQuote", "--by", way, *quote, "--dry-run").startswith(first), f"dry run by {way}")
        picture = ("PutPicture", "code=AB1", "picture=" + base64.b64encode(PICTURE).decode(), "sizes=2 3", "notes=a")
        check(base64.b64encode(PICTURE).decode() in call(url, *picture).replace("\\/", "/"), "a form in parts")
        check("2 notes, 2 sizes, code AB1" in call(url, *picture, "notes=fail", "--by", "post", status=3), "a form in parts")
        got = call(url, *picture[:2], "picture=QQ==", "sizes=1", "--dry-run")
        check(got.startswith(f"POST {url}/picture\n--form\r\n".replace("\r", "")) and 'name="picture"' in got, f"dry run of parts: {got}")
        call(url, "GetStatus", "code=12", "place=x", status=2)
        check(call(url, "GetStatus", "code=AB1", "place=a b.xml", "--dry-run") ==
              f"GET {url}/status/AB1/at/a%20b%2Exml.xml\n", "dry run of a GET")
        check(call(url, "GetQuote", "--port-type", "ParcelsPost", *quote, "--dry-run") ==
              f"POST {url}/quote\ngrams=100&service=fast&notes=a%20b%2Bc&notes=%C3%A4%26%E2%82%AC%3D&notes=&sizes=2%203\n",
              "dry run of a POST")
    with program(SERVER, "auth") as url:
        got = call(url, "GetStatus", "code=AB12", "place=x", "--user", "eve:secret")  # Digest, of a GET
        check('"where": "x"' in got, f"Digest: {got}")
        check("HTTP 401" in call(url, "GetStatus", "code=AB12", "place=x", "--user", "eve:wrong", status=3), "Digest")


PHP = """
$pairs = http_build_query(['grams' => 100, 'service' => 'fast', 'sizes' => '2 3']) . '&notes=' . urlencode('a b+c')
    . '&notes=' . urlencode('ä&€=') . '&notes=';
$url = '%s/quote';
echo file_get_contents("$url?$pairs"), "\\n--\\n";
echo file_get_contents($url, false, stream_context_create(['http' => ['method' => 'POST', 'content' => $pairs,
    'header' => 'Content-Type: application/x-www-form-urlencoded']]));
"""


def with_php():
    need("php")
    with program(SERVER) as url:
        done = subprocess.run(["php"], input="<?php" + PHP % url, text=True, capture_output=True, timeout=60, check=False)
        parts = done.stdout.split("\n--\n")
        check(len(parts) == 2, done.stdout + done.stderr)
        for part in parts:
            quote_check(part)


PHP_FORM = """
$file = tempnam('/tmp', 'bark');
file_put_contents($file, str_repeat("\\x00\\xff\\r\\n--", 500));
$curl = curl_init('%s/picture');
curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_POSTFIELDS => ['code' => 'AB1', 'sizes' => '2 3',
    'notes' => 'ä', 'picture' => new CURLFile($file, 'image/png', 'pic.png')]]);
echo curl_exec($curl) === file_get_contents($file) ? 'same' : 'different';
unlink($file);
"""


def form_with_php():
    need("php")
    if "curl" not in subprocess.run(["php", "-m"], text=True, capture_output=True, timeout=60, check=False).stdout.split():
        raise Skip("PHP has no curl")
    with program(SERVER) as url:
        done = subprocess.run(["php"], input="<?php" + PHP_FORM % url, text=True, capture_output=True, timeout=60, check=False)
        check(done.stdout == "same", done.stdout + done.stderr)


run([("urllib", with_urllib), ("refusals", refusals), ("soap_beside", soap_beside), ("attacks", attacks), ("captures", captures), ("who_calls", who_calls),
     ("curl", with_curl), ("forms_with_curl", forms_with_curl), ("forms_with_requests", forms_with_requests), ("form_with_php", form_with_php),
     ("form_attacks", form_attacks), ("requests", with_requests), ("zeep", with_zeep), ("php", with_php),
     ("our_client", with_our_client)])
