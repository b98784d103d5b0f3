/* compiler/codes.c - what each code means, with a wrong schema and a right one where a few lines can show it.
 *
 * The examples are compiled by codes_test.c: the wrong one must be refused with its code, the right one
 * accepted.
 */
#include "codes.h"

#include <stdio.h>

#define COMPLEX(content) "<xs:complexType name=\"T\">\n" content "</xs:complexType>\n"
#define SIMPLE(name, base, facets) \
    "<xs:simpleType name=\"" name "\">\n  <xs:restriction base=\"" base "\">\n" facets \
    "  </xs:restriction>\n</xs:simpleType>\n"

#define COMPLEX_B \
    "<xs:complexType name=\"B\">\n  <xs:sequence>\n" \
    "    <xs:element name=\"a\" type=\"xs:int\"/>\n  </xs:sequence>\n</xs:complexType>\n"
#define CONTENT_T(element) \
    "<xs:complexType name=\"T\">\n  <xs:complexContent>\n    <xs:restriction base=\"t:B\">\n" \
    "      <xs:sequence>\n        " element "\n      </xs:sequence>\n" \
    "    </xs:restriction>\n  </xs:complexContent>\n</xs:complexType>\n"

static const struct soapc_code_info rows[] = {
    { SOAPC_E_UNREADABLE, false, "a file cannot be read", "-",
      "The file that was named on the command line does not exist, is no regular file, or may\n"
      "not be read.\n",
      NULL, NULL },
    { SOAPC_E_TOO_BIG, false, "an input is larger than the compiler takes", "-",
      "A file, or the number of files, is over a fixed bound (docs/compiler.md lists them).\n"
      "Split the schema, or name the WSDL that is really meant.\n",
      NULL, NULL },
    { SOAPC_E_XML, false, "a document cannot be read as WSDL or XSD", "[XML1], [XMLNS1]",
      "The file is not well-formed XML, has a document type declaration, an unbound prefix,\n"
      "or a root that is neither xs:schema nor wsdl:definitions. The message cites the rule.\n"
      "An HTML page saved under the schema's name is a frequent cause.\n",
      "<xs:element name=\"a\">\n", "<xs:element name=\"a\"/>\n" },
    { SOAPC_E_IMPORT_MISSING, false, "an imported file is needed and not found", "[XSD1 4.2.3]",
      "A reference goes into a namespace whose file is not beside the importing one, in no\n"
      "--path folder and not in the built-in catalog. Nothing is fetched from a network:\n"
      "get the file and put it beside the others, or name its folder with --path.\n",
      "<xs:import namespace=\"urn:u\" schemaLocation=\"absent.xsd\"/>\n"
      "<xs:element name=\"a\" xmlns:u=\"urn:u\" type=\"u:T\"/>\n",
      NULL },
    { SOAPC_E_IMPORT_WRONG, false, "an import or include does not fit what was found",
      "[XSD1 4.2.1] src-include, [XSD1 4.2.3] src-import",
      "xs:import is for another namespace, and names the one that the file declares.\n"
      "xs:include is for the same namespace, or for a schema without one.\n",
      "<xs:import namespace=\"urn:t\"/>\n", NULL },
    { SOAPC_W_IMPORT_UNUSED, true, "an import is not found, and not needed", "[XSD1 4.2.3]",
      "Nothing refers to the namespace, so the result is complete without the file.\n"
      "Remove the import, or make the file available.\n",
      "<xs:import namespace=\"urn:u\" schemaLocation=\"absent.xsd\"/>\n", NULL },
    { SOAPC_E_NOT_LOCKED, false, "a file is not in the lock, or the lock cannot be understood", "-",
      "With --locked, every WSDL and schema that is read must stand in the lock file that\n"
      "`soapbark fetch` wrote. Fetch again, or look who added the file.\n",
      NULL, NULL },
    { SOAPC_E_LOCK_DIFFERS, false, "a file is not the one that was locked", "-",
      "Its size or its SHA-256 is not the one of the lock file. Look what has changed in it;\n"
      "when the change is meant, fetch again, which writes a new lock.\n",
      NULL, NULL },
    { SOAPC_E_UNKNOWN_ATTRIBUTE, false, "an element has no such attribute", "[XSD1 A]",
      "Attributes without a namespace are fixed for each schema element. Mind the spelling;\n"
      "an attribute of your own needs a namespace of its own.\n",
      "<xs:element nam=\"a\" name=\"b\"/>\n", "<xs:element name=\"b\"/>\n" },
    { SOAPC_E_MISSING_ATTRIBUTE, false, "a required attribute is missing", "[XSD1 A], [WSDL11 2]",
      "The message names the attribute. Elements, attributes and groups inside a type have\n"
      "either a name or a ref.\n",
      COMPLEX("  <xs:attribute type=\"xs:int\"/>\n"),
      COMPLEX("  <xs:attribute name=\"a\" type=\"xs:int\"/>\n") },
    { SOAPC_E_ATTRIBUTE_VALUE, false, "an attribute's value has not its form", "[XSD1 A]",
      "Counts are whole numbers, switches are true or false, names are XML names, and lists\n"
      "of words have their own words.\n",
      "<xs:element name=\"a\" nillable=\"maybe\"/>\n", "<xs:element name=\"a\" nillable=\"true\"/>\n" },
    { SOAPC_E_MISPLACED_ELEMENT, false, "an element stands where it may not", "[XSD1 A], [WSDL11 A.4]",
      "The parent does not take this child here, takes it once only, or wants it earlier:\n"
      "annotation first, then content, then attributes.\n",
      COMPLEX("  <xs:attribute name=\"a\"/>\n  <xs:sequence/>\n"),
      COMPLEX("  <xs:sequence/>\n  <xs:attribute name=\"a\"/>\n") },
    { SOAPC_E_MISSING_ELEMENT, false, "an element lacks a child that it needs", "[XSD1 A]",
      "A simple type is a restriction, a list or a union; each of them needs a type to start\n"
      "from.\n",
      "<xs:simpleType name=\"T\"/>\n", SIMPLE("T", "xs:int", "") },
    { SOAPC_E_EXCLUSIVE, false, "two things exclude each other", "[XSD1 3.2.3], [XSD1 3.3.3]",
      "A declaration has a type attribute or a type in it, a default or a fixed value; a\n"
      "reference takes all of that from what it refers to.\n",
      "<xs:element name=\"a\" type=\"xs:int\" default=\"1\" fixed=\"1\"/>\n",
      "<xs:element name=\"a\" type=\"xs:int\" default=\"1\"/>\n" },
    { SOAPC_W_IGNORED_ATTRIBUTE, true, "an attribute is ignored", "[WSDL11 2.1.3], [XMIME 3]",
      "WSDL files in the field carry attributes of their makers' tools. This one has no\n"
      "effect; check its spelling if it should have one. xmime:expectedContentTypes has none\n"
      "on an element whose type holds no octets (base64Binary, hexBinary).\n",
      NULL, NULL },
    { SOAPC_W_EXTENSION, true, "a required extension is not understood", "[WSDL11 2.1.3]",
      "The WSDL says that this extension (a policy, often) must be understood. soapbark\n"
      "generates the operations without it; what the extension asks for is left to you.\n",
      NULL, NULL },
    { SOAPC_E_UNKNOWN_NAME, false, "a name is not declared", "[XSD1 3.15.3], [WSDL11 2.1.1]",
      "No type, element, attribute, group, message, part or operation has this name in this\n"
      "namespace. Mind the prefix: without one the default namespace counts. Near names are\n"
      "offered in a note.\n",
      "<xs:element name=\"a\" type=\"t:Scpoe\"/>\n" SIMPLE("Scope", "xs:string", ""),
      "<xs:element name=\"a\" type=\"t:Scope\"/>\n" SIMPLE("Scope", "xs:string", "") },
    { SOAPC_E_DUPLICATE, false, "a name is declared twice", "[XSD1 3.15.6], [XSD1 3.4.6]",
      "Types, elements, attributes and groups have one declaration a namespace; a type has an\n"
      "attribute once, counting those of its base and of its attribute groups.\n",
      COMPLEX("  <xs:attribute name=\"a\"/>\n  <xs:attribute name=\"a\"/>\n"),
      COMPLEX("  <xs:attribute name=\"a\"/>\n  <xs:attribute name=\"b\"/>\n") },
    { SOAPC_E_NOT_IMPORTED, false, "a namespace is used that was not imported", "[XSD1 3.15.3] src-resolve 4",
      "A schema says with xs:import which other namespaces it refers to, also when another\n"
      "file has loaded them already.\n",
      "<xs:element name=\"a\" xmlns:u=\"urn:u\" type=\"u:T\"/>\n", NULL },
    { SOAPC_E_WRONG_KIND, false, "a name stands for something else than is needed here",
      "[XSD1 3.4.3] src-ct, [XSD1 3.14.3]",
      "Attributes and simple types need a simple type; complexContent derives from a complex\n"
      "one, simpleContent from a simple type or a type with simple content.\n",
      COMPLEX("  <xs:attribute name=\"a\" type=\"t:T\"/>\n"),
      COMPLEX("  <xs:attribute name=\"a\" type=\"xs:string\"/>\n") },
    { SOAPC_E_CYCLE, false, "a definition needs itself", "[XSD1 3.4.6], [XSD1 3.8.6], [XSD1 3.3.6]",
      "A type is derived from itself, a group contains itself, or an element stands in for\n"
      "itself, perhaps by way of others. Elements may nest endlessly; definitions may not.\n",
      "<xs:simpleType name=\"A\">\n  <xs:restriction base=\"t:A\"/>\n</xs:simpleType>\n",
      SIMPLE("A", "xs:string", "") },
    { SOAPC_E_RESERVED_NAME, false, "a name is reserved", "[XSD1 3.2.6] no-xmlns",
      "xmlns declares namespaces and cannot be an attribute of a type.\n", "<xs:attribute name=\"xmlns\"/>\n",
      "<xs:attribute name=\"ns\"/>\n" },
    { SOAPC_E_FACET_MISPLACED, false, "a facet does not apply, or not together with another",
      "[XSD2 4.1.5], [XSD2 4.3]",
      "Lengths are for texts, binaries and lists; bounds are for numbers and times; each\n"
      "stands once, and not both the inclusive and the exclusive form of one bound.\n",
      SIMPLE("T", "xs:int", "    <xs:maxLength value=\"3\"/>\n"),
      SIMPLE("T", "xs:int", "    <xs:totalDigits value=\"3\"/>\n") },
    { SOAPC_E_FACET_WIDENS, false, "a facet lets in more than the base type", "[XSD2 4.3]",
      "A restriction only narrows. Relax the base type, or derive from an earlier one. A\n"
      "facet that the base marks as fixed cannot change at all.\n",
      SIMPLE("A", "xs:string", "    <xs:maxLength value=\"3\"/>\n")
          SIMPLE("B", "t:A", "    <xs:maxLength value=\"4\"/>\n"),
      SIMPLE("A", "xs:string", "    <xs:maxLength value=\"4\"/>\n")
          SIMPLE("B", "t:A", "    <xs:maxLength value=\"3\"/>\n") },
    { SOAPC_E_NO_VALUE_LEFT, false, "facets leave no value", "[XSD2 4.3]",
      "The lower bound is above the upper one. They may be swapped, or one belongs to the\n"
      "base type.\n",
      SIMPLE("T", "xs:int", "    <xs:minInclusive value=\"9\"/>\n    <xs:maxInclusive value=\"1\"/>\n"),
      SIMPLE("T", "xs:int", "    <xs:minInclusive value=\"1\"/>\n    <xs:maxInclusive value=\"9\"/>\n") },
    { SOAPC_E_NOT_A_VALUE, false, "a text is not a value of its type", "[XSD1 3.3.6], [XSD2 4.3.5]",
      "Bounds, enumerated values, default and fixed values must themselves be values of the\n"
      "type.\n",
      SIMPLE("T", "xs:byte", "    <xs:maxInclusive value=\"128\"/>\n"),
      SIMPLE("T", "xs:byte", "    <xs:maxInclusive value=\"127\"/>\n") },
    { SOAPC_E_PATTERN, false, "a pattern cannot be used", "[XSD2 F]",
      "The regular expression is wrong at the byte that is named, or its automaton is larger\n"
      "than the tables allow. XSD patterns always match the whole value and know no ^ and $\n"
      "as anchors, no look-ahead and no back references.\n",
      SIMPLE("T", "xs:string", "    <xs:pattern value=\"(a\"/>\n"),
      SIMPLE("T", "xs:string", "    <xs:pattern value=\"(a)\"/>\n") },
    { SOAPC_E_LIST_OF_LISTS, false, "the items of a list are lists", "[XSD2 2.5.1.2]",
      "Items are separated by white space, so an item cannot contain any: no lists, also not\n"
      "by way of a union.\n",
      "<xs:simpleType name=\"T\">\n  <xs:list itemType=\"xs:NMTOKENS\"/>\n</xs:simpleType>\n",
      "<xs:simpleType name=\"T\">\n  <xs:list itemType=\"xs:NMTOKEN\"/>\n</xs:simpleType>\n" },
    { SOAPC_E_NO_DEFAULT, false, "a default or fixed value is not possible here", "[XSD1 3.3.6]",
      "Element content has no text for it, and an ID would appear more than once.\n",
      "<xs:element name=\"a\" type=\"xs:ID\" default=\"x\"/>\n",
      "<xs:element name=\"a\" type=\"xs:ID\"/>\n" },
    { SOAPC_E_OCCURRENCE, false, "minOccurs is more than maxOccurs", "[XSD1 3.9.6] p-props-correct",
      "maxOccurs is 1 when it is not given.\n",
      COMPLEX("  <xs:sequence>\n    <xs:element name=\"a\" minOccurs=\"2\"/>\n  </xs:sequence>\n"),
      COMPLEX("  <xs:sequence>\n    <xs:element name=\"a\" minOccurs=\"2\" maxOccurs=\"4\"/>\n"
              "  </xs:sequence>\n") },
    { SOAPC_E_ALL_LIMITED, false, "xs:all is more limited than that", "[XSD1 3.8.6] cos-all-limited",
      "xs:all is the whole content of a type, occurs at most once, holds elements only, each\n"
      "at most once, and cannot be extended. xs:sequence has none of these limits.\n",
      COMPLEX("  <xs:all>\n    <xs:element name=\"a\" maxOccurs=\"2\"/>\n  </xs:all>\n"),
      COMPLEX("  <xs:all>\n    <xs:element name=\"a\"/>\n  </xs:all>\n") },
    { SOAPC_E_FINAL, false, "a type may not be derived from in this way", "[XSD1 3.4.6], [XSD2 4.1.2]",
      "The base type says final, or its schema finalDefault.\n",
      "<xs:complexType name=\"B\" final=\"extension\"/>\n"
      "<xs:complexType name=\"T\">\n  <xs:complexContent>\n    <xs:extension base=\"t:B\"/>\n"
      "  </xs:complexContent>\n</xs:complexType>\n",
      "<xs:complexType name=\"B\"/>\n"
      "<xs:complexType name=\"T\">\n  <xs:complexContent>\n    <xs:extension base=\"t:B\"/>\n"
      "  </xs:complexContent>\n</xs:complexType>\n" },
    { SOAPC_E_CONTENT_KIND, false, "the content cannot be derived from the base's",
      "[XSD1 3.4.6] cos-ct-extends, derivation-ok-restriction",
      "Mixed content extends mixed content only, element-only content extends element-only.\n"
      "A restriction accepts nothing that its base refuses.\n",
      "<xs:complexType name=\"B\">\n  <xs:sequence>\n    <xs:element name=\"a\"/>\n  </xs:sequence>\n"
      "</xs:complexType>\n<xs:complexType name=\"T\" mixed=\"true\">\n  <xs:complexContent>\n"
      "    <xs:extension base=\"t:B\">\n      <xs:sequence>\n        <xs:element name=\"b\"/>\n"
      "      </xs:sequence>\n    </xs:extension>\n  </xs:complexContent>\n</xs:complexType>\n",
      NULL },
    { SOAPC_E_ATTRIBUTE_RESTRICTION, false, "attributes are not a restriction of the base type's",
      "[XSD1 3.4.6] derivation-ok-restriction",
      "A restriction changes only attributes that the base has or lets in by a wildcard,\n"
      "keeps required ones required, and fixed values as they are.\n",
      "<xs:complexType name=\"B\"/>\n<xs:complexType name=\"T\">\n  <xs:complexContent>\n"
      "    <xs:restriction base=\"t:B\">\n      <xs:attribute name=\"a\"/>\n    </xs:restriction>\n"
      "  </xs:complexContent>\n</xs:complexType>\n",
      "<xs:complexType name=\"B\">\n  <xs:attribute name=\"a\"/>\n</xs:complexType>\n"
      "<xs:complexType name=\"T\">\n  <xs:complexContent>\n    <xs:restriction base=\"t:B\">\n"
      "      <xs:attribute name=\"a\" use=\"required\"/>\n    </xs:restriction>\n"
      "  </xs:complexContent>\n</xs:complexType>\n" },
    { SOAPC_E_WILDCARD_FORM, false, "wildcards cannot be joined",
      "[XSD1 3.10.6] cos-aw-union, cos-aw-intersect",
      "The set of namespaces that remains when two attribute wildcards meet cannot be written\n"
      "as a wildcard. Name the namespaces one by one instead of with ##other.\n",
      NULL, NULL },
    { SOAPC_E_IDENTITY, false, "a key, unique or keyref is wrong", "[XSD1 3.11.6]",
      "Paths are element steps with / and |, .// only at the start, and an attribute only as\n"
      "the end of a field. A keyref has as many fields as its key.\n",
      "<xs:element name=\"a\">\n  <xs:unique name=\"u\">\n    <xs:selector xpath=\"b[1]\"/>\n"
      "    <xs:field xpath=\"@c\"/>\n  </xs:unique>\n</xs:element>\n",
      "<xs:element name=\"a\">\n  <xs:unique name=\"u\">\n    <xs:selector xpath=\"b\"/>\n"
      "    <xs:field xpath=\"@c\"/>\n  </xs:unique>\n</xs:element>\n" },
    { SOAPC_E_AMBIGUOUS, false, "two particles can take the same element", "[XSD1 3.8.6] cos-nonambig",
      "Reading from left to right, each element must belong to one particle only (unique\n"
      "particle attribution). Join the two, or put something required between them.\n",
      COMPLEX("  <xs:sequence>\n    <xs:element name=\"a\" minOccurs=\"0\"/>\n    <xs:element name=\"a\"/>\n"
              "  </xs:sequence>\n"),
      COMPLEX("  <xs:sequence>\n    <xs:element name=\"a\" maxOccurs=\"2\"/>\n  </xs:sequence>\n") },
    { SOAPC_W_AMBIGUOUS, true, "two particles can take the same element", "[XSD1 3.8.6] cos-nonambig",
      "The same as E0508, where it is tolerated because files in the field break the rule:\n"
      "the first particle that can take the element does.\n",
      NULL, NULL },
    { SOAPC_E_REDEFINE, false, "a redefinition does not fit what it redefines", "[XSD1 4.2.2] src-redefine",
      "A redefined type is derived from itself, a redefined group refers to itself at most\n"
      "once, and the redefined schema has something of this kind and name.\n",
      NULL, NULL },
    { SOAPC_E_RESTRICTION, false, "content is not a restriction of the base type's",
      "[XSD1 3.9.6], [XSD1 3.4.6] derivation-ok-restriction",
      "A restricted type repeats the content of its base and only narrows it: the elements\n"
      "in the same order, occurrences within the base's, types derived by restriction, and\n"
      "nothing left out that the base requires.\n",
      COMPLEX_B CONTENT_T("<xs:element name=\"a\" type=\"xs:int\" maxOccurs=\"9\"/>"),
      COMPLEX_B CONTENT_T("<xs:element name=\"a\" type=\"xs:int\"/>") },
    { SOAPC_E_INCONSISTENT, false, "elements of one name have several types",
      "[XSD1 3.8.6] cos-element-consistent",
      "Inside one content model an element name stands for one type, also where the element\n"
      "appears several times. Give the type a name and use it in each place.\n",
      COMPLEX("  <xs:sequence>\n    <xs:element name=\"a\" type=\"xs:int\"/>\n"
              "    <xs:element name=\"b\"/>\n    <xs:element name=\"a\" type=\"xs:string\"/>\n  "
              "</xs:sequence>\n"),
      COMPLEX(
          "  <xs:sequence>\n    <xs:element name=\"a\" type=\"xs:int\"/>\n"
          "    <xs:element name=\"b\"/>\n    <xs:element name=\"a\" type=\"xs:int\"/>\n  </xs:sequence>\n") },
    { SOAPC_W_COUNTS, true, "repeated groups are nested too deep to be judged together", "[XSD1 3.8.4]",
      "An element repeats in a group that repeats, and nothing else must come between two of the\n"
      "groups: a message does not say which group an element is in, and the engine looks for a\n"
      "division that fits all of the bounds. It does so through eight groups in groups; deeper\n"
      "ones it refuses. soapbark validate has no such bound.\n",
      NULL, NULL },
    { SOAPC_E_NO_MESSAGES, false, "an operation has neither input nor output", "[WSDL11 2.4]",
      "An operation exchanges at least one message.\n", NULL, NULL },
    { SOAPC_E_NO_BODY, false, "a bound message has no soap:body", "[WSDL11 3.5]",
      "The wsdl:input and wsdl:output of a SOAP binding say with soap:body how the parts of\n"
      "the message become the body.\n",
      NULL, NULL },
    { SOAPC_W_LEFT_OUT, true, "an operation is left out", "-",
      "The operation uses something that is not supported; the message says what. The others\n"
      "are generated. Asking for it with --operations makes this an error.\n",
      NULL, NULL },
    { SOAPC_E_HTTP_BINDING, false, "an HTTP binding contradicts itself", "[WSDL11 4]",
      "The verb is GET or POST. The location is a relative path without a query. With\n"
      "http:urlReplacement each part stands in it once, as (part), and something stands between\n"
      "two of them. A GET has no body. Two operations of a port type have not the same verb and\n"
      "location.\n",
      NULL, NULL },
    { SOAPC_W_HTTP_LEFT_OUT, true, "the HTTP binding of an operation is left out", "-",
      "The operation is generated as its SOAP binding says it. Its HTTP binding is not: a part\n"
      "is not of a simple type, or the answer is not XML or one value, or the parts differ from\n"
      "those that SOAP sends. The message says which. A part that an HTTP binding carries is\n"
      "one value, or an array of values.\n",
      NULL, NULL },
    { SOAPC_W_HTTP_SECRET, true, "a secret travels in an address", "[RFC9110 17.9]",
      "A part whose name says that it is a secret (docs/table-format.md) is a parameter of a GET,\n"
      "or stands in the path. Browsers, proxies and the logs of servers keep addresses. Bind the\n"
      "operation to POST, with http:urlEncoded: then the secret is in the body.\n",
      NULL, NULL },
    { SOAPC_E_TABLE_LIMIT, false, "the tables cannot hold this", "-",
      "The table format has fixed widths (docs/table-format.md). Only very large schemas reach\n"
      "them: take the operations that are needed, with --operations.\n",
      NULL, NULL },
    { SOAPC_E_MEMORY, false, "the compiler's memory is used up", "-",
      "The compiler's working memory is capped, so that no schema can take a machine down;\n"
      "or the system has none left. --memory MIB gives more; --operations takes only what is needed.\n",
      NULL, NULL },
    { SOAPC_E_MESSAGE_XML, false, "a document is not well-formed", "[XML1], [XMLNS1]",
      "The message cites the rule. Document type declarations and processing instructions are\n"
      "refused on purpose ([SOAP11 3]).\n",
      NULL, NULL },
    { SOAPC_E_MESSAGE_UNEXPECTED, false, "a document has something that its schema does not expect",
      "[XSD1 3.4.4]", "The path in the note leads to the element; the expected names are listed.\n", NULL,
      NULL },
    { SOAPC_E_MESSAGE_MISSING, false, "a document lacks a required element or attribute", "[XSD1 3.4.4]",
      "The schema has minOccurs of 1 or more, or use=\"required\".\n", NULL, NULL },
    { SOAPC_E_MESSAGE_VALUE, false, "a value is not in its type", "[XSD1 3.14.4]",
      "The text has not the form of its type, or is outside its facets. The rule is cited.\n", NULL, NULL },
    { SOAPC_E_MESSAGE_JSON, false, "an argument is not valid JSON", "[RFC8259]",
      "docs/json.md says how the members of a message are written.\n", NULL, NULL },
    { SOAPC_E_MESSAGE_LIMIT, false, "a limit was reached", "-",
      "Limits bound what a document can cost. This says nothing about its validity.\n", NULL, NULL },
    { SOAPC_E_MESSAGE_OTHER, false, "a message cannot be used", "-",
      "A rule of SOAP or HTTP was broken, a transfer failed, or an argument names no member of\n"
      "the message. The message says which.\n",
      NULL, NULL },
    { SOAPC_E_NOT_SUPPORTED, false, "right, perhaps, but not supported", "-",
      "docs/compiler.md lists what is not supported, and what to do instead. A description in\n"
      "WSDL 2.0 (root 'description'): take the WSDL 1.1 form, which most services have too\n"
      "(?wsdl instead of ?wsdl2), or write one around the same schemas.\n",
      COMPLEX("  <xs:assert test=\"true()\"/>\n"), COMPLEX("") },
    { SOAPC_W_NOT_CHECKED, true, "a construct of XSD 1.1 has no effect, or not all of it", "-",
      "The message names it. What it forbids is not refused; everything else of the schema\n"
      "works. docs/compiler.md lists what is taken of XSD 1.1. With validate --strict schemas\n"
      "are judged by XSD 1.0, and this is E0901.\n",
      NULL, NULL },
    { SOAPC_E_OVERRIDE_FORM, false, "a statement of an overrides file is not understood", "-",
      "A line is a statement: prefix, rename, drop, cap, map or relax, with its words.\n"
      "docs/overrides.md has the form of each. Quotes go around words with blanks.\n",
      NULL, NULL },
    { SOAPC_E_OVERRIDE_NAME, false, "a statement of an overrides file names nothing", "-",
      "The schema has no such type, member, value, operation or namespace. Statements that\n"
      "match nothing are errors, so that a file does not rot when the schema changes. A type\n"
      "without a name is named by its elements: p:GetUsers/Filter.\n",
      NULL, NULL },
    { SOAPC_E_OVERRIDE_USE, false, "a statement of an overrides file cannot be applied", "-",
      "It would change nothing, or break messages: a required member cannot be dropped, a cap\n"
      "is below what the schema allows already, a facet is relaxed and not narrowed.\n",
      NULL, NULL },
    { SOAPC_E_OVERRIDE_TAKEN, false, "a name that an overrides file gives is taken", "-",
      "Another type, member, value or operation has this name in C. Names that a file gives are\n"
      "never changed to keep them apart: choose another one.\n",
      NULL, NULL },
};

const struct soapc_code_info *soapc_code_at(size_t n)
{
    return n < sizeof rows / sizeof *rows ? &rows[n] : NULL;
}

const struct soapc_code_info *soapc_code_find(enum soapc_code code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

void soapc_code_print(enum soapc_code code, char text[SOAPC_CODE_TEXT])
{
    const struct soapc_code_info *info = soapc_code_find(code);
    text[0] = '\0';
    if (info)
        (void)snprintf(text, SOAPC_CODE_TEXT, "%c%04u", info->warning ? 'W' : 'E', (unsigned)code);
}
