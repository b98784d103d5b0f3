"""tests/differential/staged.py - a schema and all that it imports as files beside each other, for validators that follow no URL.

The official ONVIF files import by URL and take their schemas out of WSDL; libxml2 and zeep get copies of those schemas in which every
import names a file. What the web would give comes from the project's own catalog/, which is what our compiler takes as well.
"""
from pathlib import Path

from lxml import etree

XS = "{http://www.w3.org/2001/XMLSchema}"
CATALOG = Path(__file__).resolve().parents[2] / "catalog"


class Stage:
    """The files of one closure, written into a folder."""

    def __init__(self, folder, official):
        self.folder, self.official = Path(folder), Path(official)
        self.names, self.roots, self.missing = {}, [], []
        self.catalog = {etree.parse(str(p)).getroot().get("targetNamespace"): p for p in sorted(CATALOG.glob("*.xsd"))}

    def source(self, child, base):
        """The file that an import or include means, or None."""
        location, namespace = child.get("schemaLocation") or "", child.get("namespace")
        if location and "://" not in location:
            return (base.parent / location).resolve()
        beside = self.official / location.rpartition("/ver10/")[2]
        for path in (self.official / "ver10" / location.rpartition("/ver10/")[2] if "/ver10/" in location else beside, self.catalog.get(namespace)):
            if path and path.is_file():
                return path.resolve()
        return None

    def add(self, path):
        """The names of the copies of a file's schemas; theirs follow."""
        path = Path(path).resolve()
        if path in self.names:
            return self.names[path]
        schemas = list(etree.parse(str(path), etree.XMLParser(remove_comments=True)).getroot().iter(XS + "schema"))
        self.names[path] = [f"{len(self.names)}-{i}-{path.stem}.xsd" for i in range(len(schemas))]
        for name, schema in zip(self.names[path], schemas):
            root = etree.fromstring(etree.tostring(schema, with_tail=False))  # alone, it keeps the prefixes declared around it
            for child in root.iter(XS + "import", XS + "include"):
                source = self.source(child, path)
                if source:
                    child.set("schemaLocation", self.add(source)[0])
                elif child.get("namespace") not in (None, root.get("targetNamespace")):
                    self.missing.append(child.get("namespace"))
            (self.folder / name).write_bytes(etree.tostring(root))
            self.roots.append(root)
        return self.names[path]

    def validator(self, name):
        """libxml2's validator, and the names of the types whose wildcards had to be narrowed for it.

        libxml2 refuses what breaks Unique Particle Attribution, as many official types do: a wildcard of ##any before an element. There the
        wildcard of its copy takes every namespace but the type's own.
        """
        narrowed = []
        while True:
            try:
                return etree.XMLSchema(file=str(self.folder / name)), narrowed
            except etree.XMLSchemaParseError as error:
                first = next((e for e in error.error_log if "not determinist" in e.message), None)
                if first is None or not self.narrow(Path(first.filename), first.line):
                    raise
                narrowed.append(first.message.partition("'")[2].partition("'")[0])

    def narrow(self, path, line):
        """Whether a wildcard was left to narrow in the type that begins at a line."""
        tree = etree.parse(str(path))
        own = tree.getroot().get("targetNamespace")
        others = sorted({r.get("targetNamespace") for r in self.roots if r.get("targetNamespace")} - {own})
        names = {"##any": ["##local", "urn:other", "urn:wrong", *others], "##targetNamespace": []}
        found = [wild for node in tree.iter(XS + "complexType") if node.sourceline == line
                 for wild in node.iter(XS + "any") if wild.get("namespace", "##any") in names]
        for wild in found:
            wild.set("namespace", " ".join(names[wild.get("namespace", "##any")]))
        tree.write(str(path))
        return bool(found)


def names_by_type(schema):
    """Names of elements and attributes by the built-in type that their values come from, and "default" for those that have one."""
    roots = {node.getroottree().getroot() for kind in schema.items.values() for node in kind.values()}
    derived, found = {}, {"default": set()}

    def builtin(key):
        for _ in range(20):
            if key[0] == XS[1:-1] or key not in derived:
                break
            key = derived[key]
        return key[1] if key[0] == XS[1:-1] else ""
    for root in roots:
        for node in root.iter(XS + "restriction", XS + "extension"):
            top = node.getparent()
            top = top if top.get("name") else top.getparent()
            if top.get("name"):
                derived[(root.get("targetNamespace", ""), top.get("name"))] = schema.name(node, "base")
    for root in roots:
        for node in root.iter(XS + "element", XS + "attribute"):
            inner = node.find(f"{XS}simpleType/{XS}restriction")
            key = schema.name(node, "type") if inner is None else schema.name(inner, "base")
            found.setdefault(builtin(key), set()).add(node.get("name"))
            if node.get("default") is not None or node.get("fixed") is not None:
                found["default"].add(node.get("name"))
    return found
