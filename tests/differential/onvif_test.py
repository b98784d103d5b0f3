#!/usr/bin/env python3
# time-out: 600
"""tests/differential/onvif_test.py - messages of the official ONVIF services: our verdict and libxml2's, values with zeep.

For each service, messages of its own elements (requests, responses, capabilities) and some of what it imports, as generate.py makes and
damages them; judged as differential_test.py does it. About 600 messages, 20,000 with SOAPBARK_NIGHTLY; DIFFERENTIAL_COUNT asks for another
number. Needs the files of https://github.com/onvif/specs: beside this repository in ../shared/onvif, or in $SOAPBARK_ONVIF.
"""
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

if os.path.exists("/usr/bin/python3") and sys.executable != "/usr/bin/python3" and not os.environ.get("DIFFERENTIAL_AGAIN"):
    os.environ["DIFFERENTIAL_AGAIN"] = "1"  # where Debian's python3-lxml and python3-zeep are
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

try:
    from generate import Schema
    from judges import COLLAPSED, DEFAULTED, FLOATS, HEX, OCTETS, QNAMES, ROOT, Zeep, report, run
    from lxml import etree
    from staged import Stage, names_by_type
except ImportError:
    etree = None

COUNT = int(os.environ.get("DIFFERENTIAL_COUNT", 20000 if os.environ.get("SOAPBARK_NIGHTLY") else 600))

SERVICES = ["ver10/device/wsdl/devicemgmt.wsdl", "ver20/media/wsdl/media.wsdl", "ver10/media/wsdl/media.wsdl", "ver20/ptz/wsdl/ptz.wsdl",
            "ver20/imaging/wsdl/imaging.wsdl", "ver10/events/wsdl/event.wsdl", "ver10/recording.wsdl", "ver10/deviceio.wsdl",
            "ver10/accessrules/wsdl/accessrules.wsdl", "ver10/credential/wsdl/credential.wsdl", "ver10/schedule/wsdl/schedule.wsdl",
            "ver10/pacs/doorcontrol.wsdl", "ver10/advancedsecurity/wsdl/advancedsecurity.wsdl", "ver10/search.wsdl"]


def official():
    for place in (os.environ.get("SOAPBARK_ONVIF"), ROOT / "../shared/onvif"):
        if place and (Path(place) / SERVICES[0]).is_file():
            return Path(place)
    return None


def judged(place, service, count, seed, totals, failures):
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(folder, place)
        main = Path(folder) / stage.add(place / service)[0]
        validator, narrowed = stage.validator(main.name)
        totals["types with a narrowed wildcard"] = len(narrowed)
        schema = Schema(stage.roots)
        names = names_by_type(schema)
        for known, kinds in ((HEX, "hexBinary"), (OCTETS, "base64Binary"), (FLOATS, "float"), (DEFAULTED, "default"), (QNAMES, "QName"),
                             (COLLAPSED, "token language NMTOKEN Name NCName ID IDREF anyURI")):
            known |= set().union(*(names.get(kind, set()) for kind in kinds.split()))
        QNAMES.add("_value_1")  # what zeep calls simple content
        own = etree.parse(str(main)).getroot().get("targetNamespace")
        elements = [key for key, node in schema.items["element"].items() if node.get("abstract") != "true"]
        roots = [key for key in elements if key[0] == own] * 4 + [key for key in elements if key[0] != own][:40]
        peer = Zeep(etree.parse(str(main)).getroot(), str(main))
        run(place / service, schema, roots, validator, peer, count, seed, totals, failures, elements)


def main():
    place = official() if etree is not None else None
    if place is None:
        print("skip differential_onvif: no ONVIF files, or no python3-lxml")
        return 0
    totals, failed = Counter(), False
    for number, service in enumerate(SERVICES):
        own, failures = Counter(), []
        judged(place, service, COUNT // len(SERVICES), 30112026 + number, own, failures)
        totals += own
        failed |= report("onvif_" + service.replace("/wsdl", "").replace("/", "_").removesuffix(".wsdl"), failures, own)
    for key in sorted(totals):
        print(f"# {key}: {totals[key]}")
    return failed


sys.exit(main())
