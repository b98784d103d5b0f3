#!/usr/bin/env python3
"""tests/attach/album_test.py - MTOM with gSOAP as a client, and multipart messages with Python's email package as second opinion."""
# time-out: 200
import base64
import email
import email.policy
import http.client
import os
import shutil
import subprocess
import sys
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "peers"), str(HERE.parent / "wire")]
from peerkit import BUILD, Failure, Skip, check, command, need, program, stale  # noqa: E402

SERVER = BUILD / "tests" / "album_server"
MTOM = "application/xop+xml"
ENVELOPE = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>%s</e:Body></e:Envelope>'
STORE = '<Store xmlns="urn:album"><Name>n</Name><Picture>%s</Picture></Store>'
INCLUDE = '<i:Include xmlns:i="http://www.w3.org/2004/08/xop/include" href="cid:%s"/>'


# What soapcpp2 reads is not quite C: its comments are directives.
GSOAP_HEADER = """//gsoap a service name: Album
//gsoap a service style: document
//gsoap a service encoding: literal
//gsoap a service namespace: urn:album
//gsoap a service location: http://127.0.0.1/album
//gsoap a schema namespace: urn:album
//gsoap a schema form: qualified
#import "xop.h"
typedef long long xsd__long;
struct a__StoreResponse { xsd__long a__Bytes; unsigned int a__Sum; char *a__Attachments; };
struct a__FetchResponse { struct _xop__Include *a__Picture; int __sizePage; struct _xop__Include *a__Page; char *a__Href; };
//gsoap a service method-action: Store "urn:album/Store"
int a__Store(char *a__Name, struct _xop__Include a__Picture, struct a__StoreResponse *answer);
//gsoap a service method-action: Fetch "urn:album/Fetch"
int a__Fetch(int a__Size, int a__Pages, struct a__FetchResponse *answer);
"""


def octets(size):
    return bytes((i * 31 + (i >> 8)) & 255 for i in range(size))


def gsoap(name, parts):
    """soapcpp2, cc; the program."""
    need("soapcpp2", "cc")
    folder = BUILD / "attach_gsoap" / name
    product = folder / name
    sources = HERE / "gsoap"
    if stale(product, Path(__file__), sources / f"{name}.c"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "album.h").write_text(GSOAP_HEADER)
        command("soapcpp2", "-c", "-L", "-x", "-1", "-I/usr/share/gsoap/import", "album.h", cwd=folder)
        command("cc", "-O0", "-w", "-I.", sources / f"{name}.c", "soapC.c", parts, "-lgsoap", "-lm", "-o", product, cwd=folder)
    return product


def gsoap_client():
    client = gsoap("album_client", "soapClient.c")
    with program(SERVER) as url:
        said = command(client, url)
        lines = dict(line.split(" ", 1) for line in said.splitlines() if " " in line)
        check(lines.get("store") == "ok", said)
        check("image/png 100000 included" in lines.get("attachments", ""), f"no part was sent: {said}")
        check(lines.get("fetch") == "ok" and "soapbark" in lines.get("id", ""), said)


def gsoap_server():
    server = gsoap("album_server", "soapServer.c")
    folder = server.parent / "saved"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    picture = base64.b64encode(octets(5000)).decode()
    process = subprocess.Popen([str(server), "3"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().split(" ", 1)[1].strip()
        words = [BUILD / "soapbark", "call", url]
        wsdl = ["--wsdl", HERE / "album.wsdl"]
        said = command(*words, "Store", *wsdl, "--mtom", "Name=n", f"Picture={picture}")
        check('"Bytes": 5000' in said and "1@soapbark" in said, f"no part came: {said}")
        said = command(*words, "Fetch", *wsdl, "--mtom", "--save-attachments", folder, "Size=3000")
        check(base64.b64encode(octets(3000)).decode() in said, said[:500])
        check((folder / "part-1").read_bytes() == octets(3000), "another part was saved")
        said = command(*words, "Fetch", *wsdl, "Size=30")
        check(base64.b64encode(octets(30)).decode() in said, said[:500])
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def command_attaches():
    with program(SERVER) as url:
        loose = url.replace("/album", "/loose")
        said = command(BUILD / "soapbark", "call", loose, "Store", "--wsdl", HERE / "album.wsdl", "--attach", HERE / "album.wsdl",
                       "--attach", HERE / "CMakeLists.txt", "Name=n", "Picture=YQ==")
        size = (HERE / "album.wsdl").stat().st_size
        check(f"[1@soapbark application/octet-stream {size}][2@soapbark" in said, said)


def post(url, path, content_type, body):
    host = url.split("/")[2]
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("POST", path, body, {"Content-Type": content_type, "SOAPAction": '""'})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


def parts_of(answer, data):
    """What Python's mail package makes of an answer."""
    message = email.message_from_bytes(b"Content-Type: " + answer.getheader("Content-Type").encode() + b"\r\n\r\n" + data,
                                       policy=email.policy.HTTP)
    check(not message.defects and message.is_multipart(), f"defects: {message.defects} {data[:300]}")
    return message, list(message.iter_parts())


def by_python(content, kind):
    """A request as Python's mail package writes one: a preamble, folded and further fields."""
    message = MIMEMultipart("related", type=MTOM, start="<root@x>", **{"start-info": "text/xml"})
    message.preamble = "This is a message of several parts."
    root = MIMEApplication((ENVELOPE % STORE % (INCLUDE % "a%40b")).encode(), "xop+xml", email.encoders.encode_noop, charset="utf-8", type="text/xml")
    root["Content-ID"] = "<root@x>"
    part = MIMEApplication(content, kind, email.encoders.encode_noop, name="a name that is long enough to be folded by those who write lines as mail does.bin")
    part["Content-ID"] = "<a@b>"
    part["Content-Disposition"] = 'attachment; filename="x.bin"'
    message.attach(root)
    message.attach(part)
    whole = message.as_bytes(policy=email.policy.HTTP)
    head, body = whole.split(b"\r\n\r\n", 1)
    field = email.message_from_bytes(head + b"\r\n\r\n")["Content-Type"]
    return " ".join(field.split()), body


def python_writes():
    with program(SERVER) as url:
        content = b"plain text\r\n--not the boundary\r\nend"
        content_type, body = by_python(content, "octet-stream")
        answer, data = post(url, "/album", content_type, body)
        check(answer.status == 200 and f"Bytes>{len(content)}<".encode() in data, f"{answer.status} {data[:500]}")
        check(b"application/octet-stream" in data and b"included" in data, data[:500])


def python_reads():
    request = f'--b\r\nContent-Type: {MTOM}; charset=utf-8; type="text/xml"\r\n\r\n'.encode()
    request += (ENVELOPE % '<Fetch xmlns="urn:album"><Size>4000</Size><Pages>1</Pages></Fetch>').encode() + b"\r\n--b--\r\n"
    with program(SERVER) as url:
        answer, data = post(url, "/album", f'multipart/related; type="{MTOM}"; boundary=b', request)
        check(answer.status == 200, f"{answer.status} {data[:500]}")
        message, parts = parts_of(answer, data)
        check(message.get_param("type") == MTOM and message.get_param("start") == f"{parts[0]['Content-ID']}", message["Content-Type"])
        check([part.get_content_type() for part in parts] == [MTOM] + 2 * ["application/octet-stream"], str(parts))
        check(all(part.get_payload(decode=True) == octets(4000) for part in parts[1:]), "other octets")
        for part in parts[1:]:
            check(f'href="cid:{part["Content-ID"][1:-1]}"' in parts[0].get_payload(), "a part without a reference")
        attach = (ENVELOPE % '<Fetch xmlns="urn:album"><Size>40</Size><Attach>true</Attach></Fetch>').encode()
        answer, data = post(url, "/album", "text/xml", attach)
        _, parts = parts_of(answer, data)
        check(parts[0].get_content_type() == "text/xml" and parts[1].get_payload(decode=True) == octets(40), str(parts))


def strict_and_loose():
    body = f'--b\r\nContent-Type: {MTOM}; type="text/xml"\r\n\r\n{ENVELOPE % STORE % "YQ=="}\r\n--b\r\nContent-ID: <z>\r\n\r\nzz\r\n--b--'
    with program(SERVER) as url:
        for path, status in (("/album", 500), ("/loose", 200), ("/plain", 415)):
            answer, data = post(url, path, f'multipart/related; type="{MTOM}"; boundary=b', body.encode())
            check(answer.status == status, f"{path}: {answer.status} {data[:300]}")


def main():
    failed = 0
    for case in (gsoap_client, gsoap_server, command_attaches, python_writes, python_reads, strict_and_loose):
        try:
            case()
            print(f"ok {case.__name__}", flush=True)
        except Skip as why:
            print(f"skip {case.__name__}: {why}", flush=True)
        except (Failure, OSError, http.client.HTTPException) as error:
            failed += 1
            print(f"not ok {case.__name__}: {error}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    os.chdir(HERE.parents[1])
    sys.exit(main())
