#!/usr/bin/env python3
"""tests/attach/parcel_test.py - parts that a WSDL binds beside the envelope, with gSOAP as the sender and zeep as the receiver."""
# time-out: 200
import os
import re
import shutil
import sys
from pathlib import Path

try:
    import zeep
except ImportError:
    zeep = None
    if os.path.exists("/usr/bin/python3") and not os.environ.get("PEER_AGAIN"):
        os.environ["PEER_AGAIN"] = "1"  # Debian's zeep belongs to Debian's Python
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "peers"))
from peerkit import BUILD, Skip, check, command, need, program, run, stale  # noqa: E402

SERVER = BUILD / "tests" / "parcel_server"
WSDL = HERE / "parcel.wsdl"
SOAPBARK = BUILD / "soapbark"


def gsoap_client():
    """wsdl2h, soapcpp2, cc; the program."""
    need("wsdl2h", "soapcpp2", "cc")
    folder = BUILD / "attach_gsoap" / "parcel_client"
    product = folder / "parcel_client"
    source = HERE / "gsoap" / "parcel_client.c"
    if stale(product, Path(__file__), source, WSDL):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        command("wsdl2h", "-c", "-o", "parcel.h", WSDL, cwd=folder)
        command("soapcpp2", "-c", "-C", "-L", "-x", "-1", "-I/usr/share/gsoap/import", "parcel.h", cwd=folder)
        command("cc", "-O0", "-w", "-I.", source, "soapC.c", "soapClient.c", "-lgsoap", "-lm", "-o", product, cwd=folder)
    return product


def gsoap_sends():
    client = gsoap_client()
    with program(SERVER) as url:
        lines = command(client, url).splitlines()
    root, receipt = "part <root@soapbark> text/xml; charset=utf-8 0", "part <receipt=1@soapbark> application/pdf 7"
    check(lines[:6] == ["bytes 7003", root, receipt] * 2, f"with names and without: {lines}")
    check(lines[6].startswith("fault") and "another media type" in lines[6], lines[6])
    check(lines[7] == "plain 4", lines[7])


def zeep_receives():
    if not zeep:
        raise Skip("zeep is not installed")
    folder = BUILD / "attach_zeep"
    folder.mkdir(exist_ok=True)
    # zeep looks for soap:body in the output itself; what comes beside the envelope it takes without being told.
    text = re.sub(r"<mime:multipartRelated>.*?(<soap:body[^>]*/>).*?</mime:multipartRelated>", r"\1", WSDL.read_text(encoding="utf-8"),
                  flags=re.DOTALL)
    (folder / "parcel.wsdl").write_text(text, encoding="utf-8")
    with program(SERVER) as url:
        client = zeep.Client(str(folder / "parcel.wsdl"))
        service = client.create_service("{urn:parcel}Parcel", url)
        pack = service.Peek(Label="image/x-test")
        check(len(pack.attachments) == 1, f"{pack}")
        part = pack.attachments[0]
        check(part.content == b"\x89PNG\r\n--b\r\n." and part.content_type == "image/x-test", f"{part.content!r} {part.headers}")
        check(part.content_id == "<photo=1@soapbark>", part.content_id)
        check(pack.root["out"]["Bytes"] == 12, str(pack.root))


def command_names_parts():
    folder = BUILD / "attach_saved"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    photo = folder / "a=b.png"
    photo.write_bytes(b"\x89PNG")
    words = [SOAPBARK, "call"]
    with program(SERVER) as url:
        rest = [url, "Send", "--wsdl", WSDL, "Note=n"]
        said = command(*words, *rest, "--attach", f"photo={photo}", "--attach", f"Stückliste={WSDL}",
                       "--save-attachments", folder)
        check(f'"Bytes": {4000 + WSDL.stat().st_size}' in said, said)
        check((folder / "part-1").read_bytes() == b"\x89PNG", "the receipt was not saved")
        done = None
        try:
            command(*words, *rest, "--attach", f"Stückliste={photo}")
        except Exception as refused:
            done = str(refused)
        check(done and "did not come" in done and "photo" in done, str(done))


if __name__ == "__main__":
    os.chdir(HERE.parents[1])
    run([("gsoap_sends", gsoap_sends), ("zeep_receives", zeep_receives), ("command_names_parts", command_names_parts)])
