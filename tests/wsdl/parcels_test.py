#!/usr/bin/env python3
"""tests/wsdl/parcels_test.py - HTTP bindings over the wire: curl, urllib, requests, PHP and zeep call parcels.wsdl.
"""
# time-out: 240
import base64
import os
import subprocess
import sys
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
    def basic(password):
        return "Basic " + base64.b64encode(f"eve:{password}".encode()).decode()
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


run([("urllib", with_urllib), ("refusals", refusals), ("soap_beside", soap_beside), ("who_calls", who_calls),
     ("curl", with_curl), ("requests", with_requests), ("zeep", with_zeep), ("php", with_php),
     ("our_client", with_our_client)])
