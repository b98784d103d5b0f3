#!/usr/bin/env python3
"""tests/cli/describe_test.py - the outputs beside C: JSON Schema, OpenAPI, HTML and text.

The JSON Schema is given to a validator that others wrote (python3-jsonschema), with messages and what becomes of them
when something is taken away, put in or replaced; its verdict must be that of our own JSON decoder. OpenAPI documents
are checked in their structure, and their components as schemas. The HTML must be
well-formed by two parsers, fetch nothing, and every link must lead somewhere.
"""
import copy
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = Path(os.environ.get("SOAPBARK_BUILD", ROOT / "build")).resolve() / "soapbark"
STATION = ROOT / "cases" / "describe" / "station.wsdl"
ONVIF = ROOT.parent / "shared" / "onvif"

failed = 0


def report(name, why):
    global failed
    failed += bool(why)
    print(f"not ok {name}: {why}" if why else f"ok {name}")


def emit(folder, source, *kinds, more=()):
    words = [str(COMMAND), "compile", str(source), "-o", str(folder), *more]
    for kind in kinds:
        words += ["--emit", kind]
    done = subprocess.run(words, text=True, capture_output=True)
    if done.returncode:
        raise RuntimeError(done.stderr[:500])
    return done


def engine_takes(document, wsdl=STATION, operation="Report"):
    """The verdict of our decoder, which reads the request before anything is sent."""
    words = [str(COMMAND), "call", "http://127.0.0.1:9/", operation, "--wsdl", str(wsdl), "--json", "-", "--dry-run"]
    done = subprocess.run(words, input=json.dumps(document), text=True, capture_output=True)
    if done.returncode not in (0, 1, 2):
        raise RuntimeError(done.stderr[:300])
    return done.returncode == 0


FULL = {
    "@version": 3, "@Id": "x", "@class": "A", "Id": "AB.C", "At": "2026-01-31T09:00:00Z", "Took": "PT5M", "Sky": "clear",
    "Humidity": [0, 100], "Value": {"@unit": "mm", "#text": -1.5}, "Count": 5, "Share": 0.25, "Codes": [1, 255],
    "Either": "true", "Raw": "00ff", "Picture": "AAEC", "Kind": "{urn:k}a", "Street": "s", "Town": "t", "Zip": 1,
    "#group": [{"Rain": 1.5}, {"Snow": 2}], "From": "2026-01-31", "To": "2026-02-01Z",
    "Sensor": [{"@id": 1, "Name": "n"}, {"#type": "{urn:example:station}Barometer", "@id": 2, "Name": "b", "Offset": -4}],
    "#any": "<o:odd xmlns:o='urn:o'/>",
}
LEAST = {"@version": 0, "Id": "AB", "Sky": None}


def variants():
    """(what was done, document)"""
    for label, base in (("full", FULL), ("least", LEAST)):
        yield label, base
        for name in base:
            less = copy.deepcopy(base)
            del less[name]
            yield f"{label} without {name}", less
        for name in FULL:
            for value in (None, "", "zz", [], {}, [{}], ["zz"], True, 7, -1, 1e9, 0.5, {"#text": 1}):
                other = copy.deepcopy(base)
                other[name] = value
                yield f"{label} with {name} = {json.dumps(value)}", other
        for name, value in (("odd", 1), ("#type", "x"), ("Mail", "m"), ("Phone", ["1"]), ("Phone", ["1", "2", "3"]), ("Phone", []),
                            ("Box", "b"), ("Id#2", "AB"), ("#content", "x"), ("Count", "9223372036854775807"), ("Count", "x"),
                            ("Share", "INF"), ("Share", "-INF"), ("Share", "NaN"), ("Either", "clear"), ("Either", "cloudy"),
                            ("Codes", [1, 2, 3, 4]), ("Codes", [256]), ("Humidity", [1, 2, 3, 4]), ("Humidity", [101]),
                            ("Value", {"#text": 10}), ("Value", {"#text": 10.5}), ("Value", {"#text": -2}), ("Value", {"@unit": "mm"}),
                            ("Id", "A"), ("Id", "ABCDEFGHI"), ("Id", "ab"), ("Id", "A$^."), ("Id", "AxB"), ("@class", "B"),
                            ("Sky", "cloudy"), ("At", "yesterday"), ("Took", "P"), ("Raw", "0"), ("Picture", "A"),
                            ("#group", [{"Rain": 1, "Snow": 2}]), ("#group", [{}]), ("#group", [{"Rain": 1}] * 5),
                            ("Sensor", [{"@id": 1}]), ("Sensor", [{"Name": "n"}]), ("Sensor", [{"@id": 1, "Name": "n", "Offset": 1}]),
                            ("Sensor", [{"#type": "{urn:example:station}Barometer", "@id": 1, "Name": "n"}]),
                            ("Sensor", [{"#type": "{urn:example:station}Value", "@id": 1, "Name": "n"}]),
                            ("Sensor", [{"#type": "{urn:example:station}Sensor", "@id": 1, "Name": "n"}])):
            other = copy.deepcopy(base)
            other[name] = value
            yield f"{label} with {name} = {json.dumps(value)}", other
            for without in ("Street", "Zip"):
                if without in other:
                    less = copy.deepcopy(other)
                    del less[without]
                    yield f"{label} with {name} = {json.dumps(value)}, without {without}", less


# Where the schema lets pass more than the engine, and where the engine reads more than is written: docs/json.md, "Schemas".
LOOSE = re.compile(r"(Took = \"P\"|Kind = |#any = |#type = |= 1000000000.0)")
LENIENT = re.compile(r"Either = (true|7|-1)")


def verdicts_are_ours(folder):
    try:
        import jsonschema
    except ImportError:
        return "skip"
    emit(folder, STATION, "json-schema")
    schema = json.loads((folder / "station.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator({"$ref": "#/$defs/w_Report_root", "$defs": schema["$defs"]})
    count, bad, yes = 0, [], 0
    for label, document in variants():
        ours, theirs = engine_takes(document), validator.is_valid(document)
        count += 1
        yes += ours
        if ours != theirs and not (LOOSE if theirs else LENIENT).search(label):
            bad.append(f"{label}: engine {ours}, schema {theirs}")
    print(f"# {count} messages, {yes} of them valid")
    if yes < 40 or count - yes < 200:
        return f"{count} messages, {yes} valid: the cases have lost their point"
    return f"{len(bad)} differ: " + "; ".join(bad[:12]) if bad else None


def strings_are_what_is_written(folder):
    """The one way in which reading takes more: a number as a string. The schema is of what is written."""
    document = dict(LEAST, **{"@version": "3"})
    return None if engine_takes(document) else "a number in a string was refused"


def refs_resolve(document, prefix, known):
    text = json.dumps(document)
    for target in re.findall(r'"\$ref": "([^"]*)"', text):
        if not target.startswith(prefix) or target[len(prefix):] not in known:
            return f"{target} is not there"
    return None


def openapi_is_valid(folder):
    emit(folder, STATION, "openapi")
    document = json.loads((folder / "station.openapi.json").read_text())
    post = document["paths"]["/Station/Report"]["post"]
    if document["openapi"] != "3.1.0" or document["servers"] != [{"url": "http://127.0.0.1:8080/station"}]:
        return "version or servers are wrong"
    if set(post["responses"]) != {"200", "4XX", "5XX"} or "thanks" not in post["description"]:
        return f"responses {list(post['responses'])}"
    fault = post["responses"]["5XX"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
    if "Unknown" not in document["components"]["schemas"][fault]["properties"]["detail"]["properties"]:
        return "the fault's detail is not there"
    why = refs_resolve(document, "#/components/schemas/", document["components"]["schemas"])
    if why:
        return why
    if any(not re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in document["components"]["schemas"]):
        return "a component has a name that is not allowed"
    try:
        import jsonschema
        jsonschema.Draft202012Validator.check_schema({"$defs": document["components"]["schemas"]})
    except ImportError:
        pass
    return None


def html_check(path):
    text = path.read_text()
    body = text.removeprefix("<!DOCTYPE html>\n")
    if body == text:
        return "no DOCTYPE"
    plain = path.with_suffix(".xhtml")
    plain.write_text(body)
    checks = [[str(COMMAND), "validate", "--well-formed", str(plain)]]
    if shutil.which("xmllint"):
        checks.append(["xmllint", "--noout", "--nonet", str(plain)])
    for words in checks:
        done = subprocess.run(words, text=True, capture_output=True)
        if done.returncode:
            return f"{Path(words[0]).name}: {done.stderr[:300]}"
    ids = re.findall(r'\bid="([^"]*)"', body)
    if len(ids) != len(set(ids)):
        return "an id stands twice"
    missing = set(re.findall(r'href="#([^"]*)"', body)) - set(ids)
    if missing:
        return f"links lead nowhere: {sorted(missing)[:5]}"
    if re.search(r"<(script|link|img|iframe|object)\b|@import|url\(|href=\"[^#]|\bsrc=|\bon\w+=", body):
        return "the page would fetch or run something"
    return None


def html_is_whole(folder):
    emit(folder, STATION, "doc")
    path = folder / "station.html"
    text = path.read_text()
    for part in ("Takes a report &amp; thanks.", "&lt;script&gt;alert(&quot;1&quot;)", "&lt;/style&gt; &amp; more", "No cloud at all.",
                 '<a href="#w_Sensor">', "Extends <a", "maxExclusive", "one of", "Where reports go.", "may be nil"):
        if part not in text:
            return f"'{part}' is not there"
    return html_check(path)


def text_is_stable(folder):
    emit(folder, STATION, "model")
    lines = (folder / "station.model.txt").read_text().splitlines()
    for line in ("type {urn:example:station}Barometer complex extends {urn:example:station}Sensor",
                 "type {urn:example:station}Report  @version: xs:unsignedInt required",
                 "type {urn:example:station}Report  . element {urn:example:station}Sky: {urn:example:station}Sky 1..1 nillable",
                 'type {urn:example:station}Sky  enumeration "clear"'):
        if line not in lines:
            return f"'{line}' is not there"
    changed = folder / "changed"
    changed.mkdir()
    source = changed / "station.wsdl"
    source.write_text(STATION.read_text().replace('name="Town" type="xs:string" minOccurs="0"', 'name="Town" type="xs:string"'))
    emit(changed, source, "model")
    other = (changed / "station.model.txt").read_text().splitlines()
    return None if len(set(lines) ^ set(other)) == 2 else f"one change shows as {set(lines) ^ set(other)}"


def slices_are_described(folder):
    emit(folder, ROOT / "cases" / "compile" / "users.wsdl", "json-schema", "openapi", "doc", "model", more=["--operations", "GetUsers"])
    for path in folder.iterdir():
        if path.is_file() and "CreateUser" in path.read_text():
            return f"{path.name} has what was sliced away"
    return None


def onvif_holds(folder):
    source = ONVIF / "ver10" / "device" / "wsdl" / "devicemgmt.wsdl"
    if not source.exists():
        return "skip"
    emit(folder, source, "json-schema", "openapi", "doc", "model")
    schema = json.loads((folder / "devicemgmt.schema.json").read_text())
    api = json.loads((folder / "devicemgmt.openapi.json").read_text())
    why = refs_resolve(schema, "#/$defs/", schema["$defs"]) or refs_resolve(api, "#/components/schemas/", api["components"]["schemas"])
    if why or len(api["paths"]) < 80:
        return why or f"{len(api['paths'])} paths"
    try:
        import jsonschema
        jsonschema.Draft202012Validator.check_schema(schema)
    except ImportError:
        pass
    return html_check(folder / "devicemgmt.html")


def attachments_are_described(folder):
    emit(folder, ROOT / "tests" / "attach" / "parcel.wsdl", "openapi", "doc", "model")
    text = (folder / "parcel.model.txt").read_text(encoding="utf-8")
    for want in (' attached="photo":"image/png, image/jpeg" attached="St\u00fcckliste":"text/*" answer-attached="receipt":"application/pdf"\n',
                 ' answer-attached="photo"\n'):
        if want not in text:
            return text
    paths = json.loads((folder / "parcel.openapi.json").read_text(encoding="utf-8"))["paths"]
    send, peek = paths["/Parcel/Send"]["post"], paths["/Parcel/Peek"]["post"]
    if send["x-soap-request-attachments"] != [{"name": "photo", "contentTypes": "image/png, image/jpeg"},
                                              {"name": "St\u00fcckliste", "contentTypes": "text/*"}]:
        return send
    if peek["x-soap-answer-attachments"] != [{"name": "photo"}] or "x-soap-request-attachments" in peek:
        return peek
    page = (folder / "parcel.html").read_text(encoding="utf-8")
    return None if page.count("<dt>Beside it</dt>") == 4 and "image/png, image/jpeg" in page else page


def content_types_are_described(folder):
    emit(folder, ROOT / "tests" / "attach" / "album.wsdl", "json-schema", "doc", "model", "c")
    store = json.loads((folder / "album.schema.json").read_text())["$defs"]["tns_Store"]["properties"]
    if store["Picture"].get("contentMediaType") != "image/png" or "contentMediaType" in store["Page"].get("items", {}):
        return store
    for name, want in (("album.html", '<span class="dim">octets of</span> <code>image/png</code>'), ("album.model.txt", 'octets="image/png"'),
                       ("album.h", "    /* image/png */\n    struct bark_bytes Picture;")):
        if want not in (folder / name).read_text():
            return f"{name} has no {want}"
    return None


def http_bindings_are_described(folder):
    """Path, verb and parameters of HTTP bindings are those of the WSDL; what SOAP has too keeps its JSON face."""
    emit(folder, ROOT / "tests" / "wsdl" / "parcels.wsdl", "openapi", "doc", "model")
    api = json.loads((folder / "parcels.openapi.json").read_text(encoding="utf-8"))
    paths, known = api["paths"], api["components"]["schemas"]
    verbs = {path: sorted(item) for path, item in paths.items()}
    if verbs != {"/ParcelsPost/PutOrder": ["post"], "/quote": ["get", "post"], "/status/{code}/at/{place}.xml": ["get"], "/label": ["get"],
                 "/count": ["get"], "/box/{box-secret}/of/{code}": ["get"], "/order": ["post"], "/note": ["post"], "/box": ["post"], "/picture": ["post"], "/letter": ["post"], "/seal": ["post"]}:
        return verbs
    ids = [op["operationId"] for item in paths.values() for op in item.values()]
    if len(set(ids)) != len(ids) or paths["/order"]["post"]["operationId"] != "p_ParcelsPost_PutOrder.post":
        return ids
    for operation in (op for path, item in paths.items() if path != "/ParcelsPost/PutOrder" for op in item.values()):
        if operation["servers"] != [{"url": "http://127.0.0.1/parcels"}]:
            return operation
    shown = {(p["name"], p["in"], p["required"]) for p in paths["/quote"]["get"]["parameters"]}
    if shown != {("grams", "query", True), ("service", "query", True), ("notes", "query", False), ("sizes", "query", True)}:
        return shown
    if [(p["name"], p["in"]) for p in paths["/status/{code}/at/{place}.xml"]["get"]["parameters"]] != [("code", "path"), ("place", "path")]:
        return paths["/status/{code}/at/{place}.xml"]
    if "parameters" in paths["/count"]["get"] or "requestBody" in paths["/count"]["get"] or "parameters" in paths["/quote"]["post"]:
        return "parameters where there are none"
    for path, verb, kind in (("/quote", "post", "application/x-www-form-urlencoded"), ("/order", "post", "text/xml"),
                             ("/picture", "post", "multipart/form-data")):
        if list(paths[path][verb]["requestBody"]["content"]) != [kind]:
            return paths[path]
    letter = paths["/letter"]["post"]
    letter_in, letter_out = (way["content"]["multipart/related"] for way in (letter["requestBody"], letter["responses"]["200"]))
    if letter_in["schema"]["required"] != ["order", "code", "scan", "pages", "seal"] or letter_in["encoding"]["scan"] != {"contentType": "image/png, image/jpeg"}:
        return letter
    if letter_in["schema"]["properties"]["order"] != {"type": "string", "description": "The element {urn:parcels}Order."} or \
            letter_in["schema"]["properties"]["scan"] != {} or not letter_in["schema"]["properties"]["code"]["$ref"].endswith("p_LetterIn/properties/code") or \
            list(letter_out["schema"]["properties"]) != ["Body", "copy", "remark"]:
        return letter
    if list(paths["/label"]["get"]["responses"]["200"]["content"]) != ["text/plain"] or list(paths["/note"]["post"]["responses"])[0] != "202":
        return paths["/label"]
    form = paths["/picture"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    if form["properties"]["picture"] != {} or list(form["properties"]) != ["code", "picture", "notes", "sizes"] or "picture" not in form["required"]:
        return form
    for ref in re.findall(r'"\$ref": "([^"]*)"', json.dumps(api)):  # into members of schemas too
        at = api
        for step in ref.split("/")[1:]:
            if step not in at:
                return f"{ref} is not there"
            at = at[step]
    if "{urn:parcels}Order" not in json.dumps(paths["/order"]) or "p_QuoteIn" not in known:
        return paths["/order"]
    model, page = (folder / "parcels.model.txt").read_text(encoding="utf-8"), (folder / "parcels.html").read_text(encoding="utf-8")
    for want in ('ParcelsGet/GetLabel get="/label":"text/plain" in=', 'ParcelsGet/GetStatus get="/status/(code)/at/(place).xml":path in=',
                 'ParcelsPost/PutOrder document soap11 post="/order":xml action=', 'ParcelsPost/GetQuote post="/quote" in=',
                 'ParcelsPost/PutPicture post="/picture":form-data:"application/octet-stream" in=',
                 'ParcelsPost/PutLetter post="/letter":related part="order":"text/xml" part="code":"text/plain" part="scan":"image/png, image/jpeg" '
                 'part="pages":"text/xml" part="seal":"text/xml" answer-part="Body":"text/xml" answer-part="copy":"*/*" answer-part="remark":"*/*" in='):
        if want not in model:
            return model
    if 'answered in multipart/related:</span> <code>Body</code>' not in page or "<code>scan</code> <span class=\"dim\">of type</span> image/png, image/jpeg" not in page:
        return page
    if "<code>POST http://127.0.0.1/parcels/order</code>" not in page or page.count("<dt>HTTP</dt>") != 12:
        return page
    return html_check(folder / "parcels.html")


def references_are_uris(folder):
    """A reference to a member whose name is not ASCII has percent escapes [RFC3986 2.5], and leads to the member."""
    source = folder / "source.wsdl"
    source.write_text((ROOT / "tests" / "wsdl" / "parcels.wsdl").read_text(encoding="utf-8").replace("grams", "gr\u00f6\u00dfe"), encoding="utf-8")
    emit(folder, source, "openapi")
    api = json.loads((folder / "source.openapi.json").read_text(encoding="utf-8"))
    parameter = [p for p in api["paths"]["/quote"]["get"]["parameters"] if p["name"] == "gr\u00f6\u00dfe"][0]
    steps = parameter["schema"]["$ref"].split("/")
    if steps[-1] != "gr%C3%B6%C3%9Fe":
        return parameter
    at = api
    for step in steps[1:]:
        at = at[urllib.parse.unquote(step)]
    return None if at["type"] == "integer" else at


def memory_is_counted(folder):
    """One documentation of 100 kB, shown a thousand times: small to read, large to describe."""
    words = "word " * 20000
    text = (f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"><xs:element name="e" type="xs:int">'
            f"<xs:annotation><xs:documentation>{words}</xs:documentation></xs:annotation></xs:element>"
            + "".join(f'<xs:complexType name="T{i}"><xs:sequence><xs:element ref="t:e"/></xs:sequence></xs:complexType>'
                      f'<xs:element name="r{i}" type="t:T{i}"/>' for i in range(1000)) + "</xs:schema>")
    (folder / "big.xsd").write_text(text)
    words = [str(COMMAND), "compile", "big.xsd", "--quiet", "--memory", "192"]
    done = subprocess.run([*words, "--emit", "doc"], cwd=folder, text=True, capture_output=True)
    if done.returncode != 2 or "error[E0702]" not in done.stderr or (folder / "big.html").exists():
        return f"exit status {done.returncode}: {done.stderr[:300]}"
    done = subprocess.run([*words, "--emit", "c"], cwd=folder, text=True, capture_output=True)
    return None if done.returncode == 0 else done.stderr[:300]


def refusals(folder):
    done = subprocess.run([str(COMMAND), "compile", str(STATION), "--emit", "json-shcema"], cwd=folder, text=True, capture_output=True)
    if done.returncode != 2 or "did you mean 'json-schema'?" not in done.stderr or list(folder.iterdir()):
        return done.stderr
    return None


def outputs_are_the_same_each_time(folder):
    one, two = folder / "one", folder / "two"
    for place in (one, two):
        emit(place, STATION, "c", "json-schema", "openapi", "doc", "model")
    names = sorted(p.name for p in one.iterdir())
    if names != ["station.c", "station.h", "station.html", "station.model.txt", "station.openapi.json", "station.schema.json"]:
        return names
    return None if all((one / n).read_bytes() == (two / n).read_bytes() for n in names) else "the outputs differ"


def main():
    if importlib.util.find_spec("jsonschema") is None and os.path.exists("/usr/bin/python3") and not os.environ.get("DESCRIBE_AGAIN"):
        os.environ["DESCRIBE_AGAIN"] = "1"  # another Python is first in PATH; Debian's packages belong to this one
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])
    if not COMMAND.exists():
        print("skip describe: the command is not built")
        return 0
    for name, run in (("json_schema_has_our_verdicts", verdicts_are_ours), ("json_schema_is_of_what_is_written", strings_are_what_is_written),
                      ("openapi_is_valid", openapi_is_valid), ("html_is_whole", html_is_whole), ("text_is_stable", text_is_stable),
                      ("slices_are_described", slices_are_described), ("onvif_is_described", onvif_holds), ("attachments", attachments_are_described),
                      ("content_types", content_types_are_described),


                      ("http_bindings", http_bindings_are_described),
                      ("references", references_are_uris),
                      ("memory", memory_is_counted), ("unknown_kind", refusals),
                      ("same_bytes", outputs_are_the_same_each_time)):
        with tempfile.TemporaryDirectory() as folder:
            why = run(Path(folder))
        if why == "skip":
            print(f"skip describe_{name}: what it needs is not here")
        else:
            report("describe_" + name, why)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
