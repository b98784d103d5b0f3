"""tests/differential/generate.py - messages from a schema: valid ones, nearly valid ones, and damaged ones.

Everything follows from a seed. A value is drawn from the lexical space of its built-in type, its edges, and what lies
just outside; facets are tried to be met most of the time. A damaged message is a tree with one to three changes that
broken programs make: members left out, doubled, swapped, renamed, values and attributes of others.
"""
import random
import re

from lxml import etree

try:
    import re._parser as sre_parse
except ImportError:  # Python before 3.11
    import sre_parse

XS = "{http://www.w3.org/2001/XMLSchema}"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DEPTH, REPEAT = 6, 4

INTEGERS = ["0", "1", "-1", "7", "+42", "-0", "007", "127", "128", "-128", "-129", "255", "256", "32767", "-32768", "65535", "65536",
            "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "18446744073709551615", "18446744073709551616", "100000000000000000000000"]
NOT_INTEGERS = ["", " ", "1.0", "1e2", "0x10", "--1", "+", "1 2", "one", "１"]
DECIMALS = ["0", "1.5", "-0.5", ".5", "5.", "+1.50", "00.10", "123456789.987654321", "-999999999999999.999", "0.000000001"]
FLOATS = ["0", "-0", "1", "1.5", "-2.5e3", "1E-5", "INF", "-INF", "NaN", "3.4028235e38", "1e-45", "1.7976931348623157e308", "5e-324",
          "0.1", "123456.789", ".5e1", "1.e2", "+1"]
ZONES = ["", "Z", "+01:00", "-05:30", "+14:00", "-00:00"]
DATES = ["2024-02-29", "2023-12-31", "1999-01-01", "0001-01-01", "12024-06-15", "-0044-03-15", "2000-02-29"]
BAD_DATES = ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "2024-04-31", "0000-01-01", "2024-01-32", "02024-01-01"]
TIMES = ["00:00:00", "23:59:59", "12:30:45.5", "01:02:03.123456789", "24:00:00", "07:08:09.000"]
BAD_TIMES = ["24:00:01", "12:60:00", "1:02:03", "12:30", "12:30:60", "25:00:00"]
TEXTS = ["", "a", "hello world", "  two  spaces ", "\xe9\u20ac\U0001f600", "<&>\"'", "tab\there", "line\nline", "x" * 40, "]]>"]
NAMES = ["a", "name", "_x", "a-b.c", "\xe9l", "x1"]


class Pools:
    """Candidates of each built-in type: what is in its lexical space, and what is not."""

    def __init__(self):
        stamp = [f"{d}T{t}" for d in DATES[:4] for t in TIMES]
        self.good = {
            "boolean": ["true", "false", "1", "0"], "decimal": DECIMALS + INTEGERS, "float": FLOATS, "double": FLOATS,
            "dateTime": stamp, "date": DATES, "time": TIMES, "gYear": ["2024", "0001", "-0005", "12024"],
            "gYearMonth": ["2024-02", "1999-12", "-0001-01"], "gMonth": ["--01", "--12"], "gMonthDay": ["--02-29", "--12-31"],
            "gDay": ["---01", "---31"],
            "duration": ["P1D", "PT1.5S", "-P1Y2M3DT4H5M6.7S", "PT0S", "P1Y", "P13M", "PT36H"],
            "string": TEXTS, "normalizedString": TEXTS, "token": TEXTS, "anyURI": ["http://a/b?c=d#e", "urn:x", "a/b", "", "../x"],
            "language": ["en", "de-CH", "x-klingon"], "NMTOKEN": NAMES + ["1a", "-x"], "NMTOKENS": ["a 1b -c", "a"], "Name": NAMES + ["a:b"],
            "NCName": NAMES, "ID": NAMES, "IDREF": NAMES, "ENTITY": NAMES, "IDREFS": ["a", "a x1"], "QName": ["a", "m:a"],
            "base64Binary": ["", "AAAA", "QUI=", "QQ==", "QUJD REVG", "/+8="], "hexBinary": ["", "00", "0aFf", "DEADBEEF"],
            "anySimpleType": TEXTS, "anyType": TEXTS,
        }
        for name in ("byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong", "integer",
                     "positiveInteger", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger"):
            self.good[name] = INTEGERS
        self.bad = {
            "boolean": ["TRUE", "2", "", "yes", " tru e"], "decimal": ["", "1e2", "INF", ".", "1,5", "+-1"],
            "float": ["", "inf", "+INF", "nan", "1e", "e1", "0x1p3", "1f"], "dateTime": ["2024-01-01", "2024-01-01 00:00:00"],
            "date": BAD_DATES, "time": BAD_TIMES, "gYear": ["24", "0000", "02024"], "gYearMonth": ["2024-13", "2024"],
            "gMonth": ["--13", "--1", "01"], "gMonthDay": ["--02-30", "--1-1"], "gDay": ["---32", "---1"],
            "duration": ["", "P", "PT", "1D", "P1S", "P-1D", "P1DT", "P1.5D"], "language": ["", "toolongtag1", "e_n"],
            "NMTOKEN": ["", "a b", "a/b"], "NMTOKENS": [""], "Name": ["1a", "", "-a"], "NCName": ["a:b", "", "1a"], "QName": ["q:a", ":a", "a:", "a:b:c"],
            "base64Binary": ["A", "AA", "AAA", "A===", "QR==", "QUJ=", "!!!!"], "hexBinary": ["0", "0g", "0 0"],
        }
        self.bad["double"] = self.bad["float"]
        for name in ("int", "integer", "byte", "short", "long", "unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong",
                     "positiveInteger", "nonPositiveInteger", "negativeInteger", "nonNegativeInteger"):
            self.bad[name] = NOT_INTEGERS
        self.bad["dateTime"] += [f"{d}T12:00:00" for d in BAD_DATES] + [f"2024-01-01T{t}" for t in BAD_TIMES]
        self.bad["ID"] = self.bad["IDREF"] = self.bad["NCName"]


POOLS = Pools()
ZONED = {"dateTime", "date", "time", "gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"}


def from_pattern(rng, pattern):
    """A text that a simple pattern takes; None for what this does not know."""
    def walk(items):
        text = ""
        for op, argument in items:
            op = str(op)
            if op == "LITERAL":
                text += chr(argument)
            elif op == "IN":
                choices = [chr(v) if str(k) == "LITERAL" else chr(rng.randint(v[0], min(v[1], v[0] + 40)))
                           for k, v in argument if str(k) in ("LITERAL", "RANGE")]
                if not choices:
                    choices = ["1", "a"]
                text += rng.choice(choices)
            elif op in ("MAX_REPEAT", "MIN_REPEAT"):
                low, high, inner = argument
                for _ in range(rng.randint(low, min(int(high), low + 3))):
                    text += walk(inner)
            elif op == "SUBPATTERN":
                text += walk(argument[-1])
            elif op == "BRANCH":
                text += walk(rng.choice(argument[1]))
            elif op == "ANY":
                text += "x"
            else:
                raise ValueError(op)
        return text
    try:
        return walk(sre_parse.parse(pattern))
    except (ValueError, re.error, OverflowError):
        return None


class Schema:
    """What a generator must know of schema documents: global components by (namespace, name)."""

    def __init__(self, documents):
        self.items = {kind: {} for kind in ("element", "complexType", "simpleType", "group", "attributeGroup", "attribute")}
        self.heads, self.derived = {}, {}
        for root in documents:
            namespace = root.get("targetNamespace", "")
            for node in root.iter(tuple(XS + kind for kind in self.items)):
                if node.getparent() is root and node.get("name"):
                    self.items[node.tag[len(XS):]][(namespace, node.get("name"))] = node
            for node in root.iter(XS + "extension", XS + "restriction"):
                top = node.getparent()
                top = top.getparent() if top.tag in (XS + "complexContent", XS + "simpleContent") else top
                if top is not None and top.get("name") and top.getparent() is root:
                    self.derived.setdefault(self.name(node, "base"), []).append((namespace, top.get("name")))
        for key, node in self.items["element"].items():
            if node.get("substitutionGroup"):
                self.heads.setdefault(self.name(node, "substitutionGroup"), []).append(key)

    @staticmethod
    def name(node, attribute):
        text = node.get(attribute) or ""
        prefix, _, local = text.rpartition(":")
        uri = node.nsmap.get(prefix or None) or ""
        root = node.getroottree().getroot()
        if not uri and not prefix:
            uri = root.get("targetNamespace", "") if attribute in ("type", "base", "ref") and (
                root.nsmap.get(None) == root.get("targetNamespace")) else ""
        return uri, local


class Maker:
    """Makes trees: (namespace, name, attributes, children or text). known: global elements that wildcards may hold."""

    def __init__(self, schema, seed, known=()):
        self.schema, self.rng, self.known = schema, random.Random(seed), known

    # ---- values ----
    def builtin(self, name):
        rng = self.rng
        bad = POOLS.bad.get(name)
        text = rng.choice(bad) if bad and rng.random() < 0.03 else rng.choice(POOLS.good.get(name, TEXTS))
        if name in POOLS.good and POOLS.good[name] is INTEGERS and rng.random() < 0.7:
            text = str(rng.randint(1, 100))
        if name in ("negativeInteger", "nonPositiveInteger") and rng.random() < 0.7:
            text = str(-rng.randint(1, 100))
        if name in ZONED:
            text += rng.choice(ZONES)
        if name not in ("string", "normalizedString") and rng.random() < 0.1:
            text = rng.choice([" ", "\n", "\t "]) + text + rng.choice(["", "  "])
        return text

    def simple(self, node, key, depth=0):
        """A value of a simple type: a node, or a built-in one named by key."""
        rng = self.rng
        if node is None:
            if key[0] == XS[1:-1]:
                return self.builtin(key[1])
            node = self.schema.items["simpleType"].get(key)
            if node is None or depth > 10:
                return rng.choice(TEXTS)
        inner = node[0] if len(node) else None
        for child in node:
            if child.tag in (XS + "restriction", XS + "list", XS + "union"):
                inner = child
        own = inner.find(XS + "simpleType") if inner is not None else None
        if inner is None:
            return rng.choice(TEXTS)
        if inner.tag == XS + "list":
            return rng.choice([" ", "  ", "\n"]).join(self.simple(own, self.schema.name(inner, "itemType"), depth + 1)
                                                      for _ in range(rng.choice([0, 1, 2, 2, 3])))
        if inner.tag == XS + "union":
            members = [(None, self.schema_name(inner, m)) for m in (inner.get("memberTypes") or "").split()]
            members += [(m, None) for m in inner.findall(XS + "simpleType")]
            return self.simple(*rng.choice(members), depth + 1)
        values = [e.get("value") for e in inner.findall(XS + "enumeration")]
        patterns = [p.get("value") for p in inner.findall(XS + "pattern")]
        if values and rng.random() < 0.95:
            return rng.choice(values)
        if patterns and rng.random() < 0.95:
            text = from_pattern(rng, rng.choice(patterns))
            if text is not None:
                return text
        base = self.schema.name(inner, "base")
        facets = {f.tag[len(XS):]: f.get("value") for f in inner}
        for _ in range(6):
            text = self.simple(own, base, depth + 1)
            low, high = facets.get("length") or facets.get("minLength"), facets.get("length") or facets.get("maxLength")
            if (low or high) and rng.random() < 0.9:
                size = len(text) // 2 if base[1] == "hexBinary" else len(text.split()) if base[1].endswith("s") else len(text)
                if not int(low or 0) <= size <= int(high or size):
                    continue
            return text
        return text

    def schema_name(self, node, text):
        prefix, _, local = text.rpartition(":")
        return node.nsmap.get(prefix or None) or "", local

    # ---- attributes ----
    def attributes(self, node, into):
        rng = self.rng
        for child in node:
            if child.tag == XS + "attribute":
                if child.get("use") == "prohibited" or (child.get("use") != "required" and rng.random() < 0.5):
                    continue
                if child.get("use") == "required" and rng.random() < 0.02:
                    continue
                declared, key = child, ("", child.get("name"))
                if child.get("ref"):
                    key = self.schema.name(child, "ref")
                    declared = self.schema.items["attribute"].get(key)
                    if declared is None:
                        if key[0].endswith("namespace"):
                            into[key] = "en"
                        continue
                value = child.get("fixed") or declared.get("fixed")
                into[key] = value if value and rng.random() < 0.9 else self.simple(declared.find(XS + "simpleType"),
                                                                                   self.schema.name(declared, "type"))
            elif child.tag == XS + "attributeGroup":
                group = self.schema.items["attributeGroup"].get(self.schema.name(child, "ref"))
                if group is not None:
                    self.attributes(group, into)
            elif child.tag == XS + "anyAttribute" and rng.random() < 0.2:
                into[("urn:other", "extra")] = "1"

    # ---- content ----
    def occurs(self, node):
        low = int(node.get("minOccurs", "1"))
        high = node.get("maxOccurs", "1")
        high = low + REPEAT if high == "unbounded" else min(int(high), low + REPEAT)
        if self.rng.random() < 0.01:
            return self.rng.choice([max(low - 1, 0), high + 1])
        return self.rng.randint(low, max(high, low))

    def particle(self, node, into, depth):
        rng, kind = self.rng, node.tag[len(XS):] if isinstance(node.tag, str) else ""
        if kind not in ("element", "sequence", "choice", "all", "group", "any"):
            return
        least = int(node.get("minOccurs", "1"))
        times = least if depth > DEPTH else self.occurs(node)
        for _ in range(times):
            if kind == "element":
                into.append(self.member(node, depth))
            elif kind == "any" and self.known and rng.random() < 0.4:
                key = rng.choice(self.known)
                into.append(self.element(self.schema.items["element"][key], key[0], depth + 2))
            elif kind == "any":
                into.append((rng.choice(["urn:other", ""]), "else", {}, "x"))
            elif kind == "group":
                group = self.schema.items["group"].get(self.schema.name(node, "ref"))
                for child in group if group is not None else ():
                    self.particle(child, into, depth)
            else:
                children = [c for c in node if isinstance(c.tag, str) and c.tag[len(XS):] in ("element", "sequence", "choice", "group", "any")]
                if kind == "choice" and children:
                    if depth > DEPTH - 2:  # what ends soonest
                        children = [c for c in children if not c.get("ref")] or children
                    children = [rng.choice(children)]
                elif kind == "all":
                    rng.shuffle(children)
                for child in children:
                    self.particle(child, into, depth)

    def member(self, node, depth):
        if node.get("ref"):
            key = self.schema.name(node, "ref")
            options = [key, *self.schema.heads.get(key, [])]
            options += [k for head in options[1:] for k in self.schema.heads.get(head, [])]
            key = self.rng.choice(options)
            declared = self.schema.items["element"].get(key)
            return self.element(declared, key[0], depth + 1) if declared is not None else (*key, {}, "")
        root = node.getroottree().getroot()
        form = node.get("form") or root.get("elementFormDefault", "unqualified")
        return self.element(node, root.get("targetNamespace", "") if form == "qualified" else "", depth + 1)

    def element(self, node, namespace, depth):
        rng = self.rng
        attributes = {}
        if node.get("nillable") == "true" and rng.random() < 0.2:
            attributes[(XSI, "nil")] = rng.choice(["true", "1"])
        key, own = self.schema.name(node, "type"), node.find(XS + "complexType")
        if own is None and node.find(XS + "simpleType") is None:
            others = self.schema.derived.get(key, [])
            if others and key in self.schema.items["complexType"] and rng.random() < 0.4:
                key = rng.choice(others)
                attributes[(XSI, "type")] = key
            own = self.schema.items["complexType"].get(key)
        value = node.get("fixed") or node.get("default")
        if own is not None:
            content = self.complex(own, attributes, depth)
        elif value and rng.random() < 0.5:
            content = rng.choice([value, ""])
        else:
            content = self.simple(node.find(XS + "simpleType"), key if key[1] else (XS[1:-1], "anyType"))
        if (XSI, "nil") in attributes and rng.random() < 0.95:
            content = ""
        return namespace, node.get("name"), attributes, content

    def complex(self, node, attributes, depth):
        content = []
        text = None
        if depth > 40:
            return content
        inner = node
        for kind in ("complexContent", "simpleContent"):
            wrapped = node.find(XS + kind)
            if wrapped is None:
                continue
            inner = next((c for c in wrapped if c.tag in (XS + "extension", XS + "restriction")), node)
            base = self.schema.name(inner, "base")
            above = self.schema.items["complexType"].get(base)
            if kind == "simpleContent":
                text = self.complex(above, attributes, depth + 1) if above is not None else self.simple(None, base)
            elif above is not None and inner.tag == XS + "extension":
                content += self.complex(above, attributes, depth + 1)
        self.attributes(inner, attributes)
        if text is not None:
            return text
        for child in inner:
            self.particle(child, content, depth)
        if node.get("mixed") == "true" and self.rng.random() < 0.7:
            content.insert(self.rng.randint(0, len(content)), "mixed text")
        return content

    # ---- damage ----
    def places(self, tree):
        found, todo = [], [tree]
        while todo:
            node = todo.pop()
            if isinstance(node, tuple):
                found.append(node)
                todo += node[3] if isinstance(node[3], list) else []
        return found

    def damage(self, tree):
        """The tree with one change; nodes are tuples, so it is made anew along the way."""
        rng = self.rng
        nodes = self.places(tree)
        target = rng.choice(nodes)
        other = rng.choice(nodes)
        namespace, name, attributes, content = target
        change = rng.randrange(12)
        children = list(content) if isinstance(content, list) else None
        attributes = dict(attributes)
        if change == 0 and children:
            del children[rng.randrange(len(children))]
        elif change == 1 and children:
            child = rng.choice(children)
            children.insert(rng.randint(0, len(children)), child)
        elif change == 2 and children and len(children) > 1:
            i = rng.randrange(len(children) - 1)
            children[i], children[i + 1] = children[i + 1], children[i]
        elif change == 3:
            name = rng.choice([other[1], name + "x", name.swapcase()])
        elif change == 4:
            namespace = rng.choice(["", "urn:wrong", other[0]])
        elif change == 5 and attributes:
            del attributes[rng.choice(sorted(attributes))]
        elif change == 6:
            attributes[rng.choice([("", "unknown"), ("urn:other", "a"), ("", other[1])])] = rng.choice(TEXTS + INTEGERS)
        elif change == 7 and attributes:
            attributes[rng.choice(sorted(attributes))] = rng.choice(TEXTS + INTEGERS + DATES + FLOATS)
        elif change == 8 and children is not None:
            children.insert(rng.randint(0, len(children)), rng.choice(["text", "1", (other[0], other[1], {}, other[3])]))
        elif change == 9 and children is None:
            content = rng.choice(TEXTS + INTEGERS + NOT_INTEGERS + DATES + TIMES + FLOATS)
        elif change == 10:
            attributes[(XSI, "nil")] = rng.choice(["true", "false", "1", "0"])
        elif change == 11 and children is None:
            content = [(namespace, "inner", {}, content)]
        changed = (namespace, name, attributes, children if children is not None else content)
        return self.replaced(tree, target, changed)

    def replaced(self, tree, target, changed):
        if tree is target:
            return changed
        if not isinstance(tree, tuple) or not isinstance(tree[3], list):
            return tree
        return (*tree[:3], [self.replaced(child, target, changed) for child in tree[3]])

    def message(self, roots):
        """One message as bytes, and whether it was damaged."""
        rng = self.rng
        key = rng.choice(roots)
        tree = self.element(self.schema.items["element"][key], key[0], 0)
        damaged = rng.random() < 0.45
        for _ in range(rng.choice([1, 1, 1, 2, 3]) if damaged else 0):
            tree = self.damage(tree)
        return self.written(tree), damaged

    # ---- writing ----
    def escaped(self, text, quote):
        rng = self.rng
        out = ""
        for c in text:
            if c in "<&" or (c == ">" and rng.random() < 0.8) or (quote and (c in "\n\t\r" or c == quote)):
                named = {"<": "&lt;", "&": "&amp;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
                out += named.get(c, f"&#{ord(c)};") if rng.random() < 0.7 else f"&#x{ord(c):x};"
            elif rng.random() < 0.005:
                out += f"&#{ord(c)};"
            else:
                out += c
        return out.replace("]]>", "]]&gt;")

    def written(self, tree):
        """Prefixes as they come to mind: a default namespace or a prefix, declared at the root or where it is used."""
        rng = self.rng
        used = sorted({n[0] for n in self.places(tree)} | {k[0] for n in self.places(tree) for k in n[2]} |
                      {n[2][(XSI, "type")][0] for n in self.places(tree) if (XSI, "type") in n[2] and isinstance(n[2][(XSI, "type")], tuple)})
        prefixes = {uri: f"n{i}" for i, uri in enumerate(used) if uri}
        prefixes["http://www.w3.org/XML/1998/namespace"] = "xml"
        default = rng.choice([None, tree[0]]) if "" not in {n[0] for n in self.places(tree)} else None
        prefixes.setdefault("urn:m", "m")
        spaces = rng.random() < 0.3

        def name_of(namespace, name, attribute=False):
            if not namespace or (namespace == default and not attribute):
                return name
            return f"{prefixes[namespace]}:{name}"

        def value_of(value):
            return name_of(*value) if isinstance(value, tuple) else value

        def write(node, depth, top):
            if isinstance(node, str):
                return self.escaped(node, "")
            namespace, name, attributes, content = node
            tag = name_of(namespace, name)
            parts = []
            if top:
                parts += [f'xmlns="{default}"'] if default else []
                parts += [f'xmlns:{p}="{uri}"' for uri, p in prefixes.items() if p != "xml"]
            for key, value in attributes.items():
                quote = rng.choice("\"'")
                parts.append(f"{name_of(*key, True)}={quote}{self.escaped(value_of(value), quote)}{quote}")
            if not top:
                rng.shuffle(parts)
            head = " ".join([tag, *parts])
            if content in ("", []):
                return f"<{head}/>" if rng.random() < 0.6 else f"<{head}></{tag}>"
            if isinstance(content, str):
                if "]]>" not in content and "\r" not in content and rng.random() < 0.03:
                    return f"<{head}><![CDATA[{content}]]></{tag}>"
                return f"<{head}>{self.escaped(content, '')}</{tag}>"
            between = "\n" + "  " * (depth + 1) if spaces and not any(isinstance(c, str) for c in content) else ""
            return f"<{head}>" + "".join(between + write(c, depth + 1, False) for c in content) + (
                "\n" + "  " * depth if between else "") + f"</{tag}>"
        return write(tree, 0, True).encode()
