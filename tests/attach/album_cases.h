/* attach/album_cases.h - multipart messages to the album, and what becomes of them: for the whole message at
 * once and for one whose parts are streamed.
 */
#ifndef ALBUM_CASES_H
#define ALBUM_CASES_H

#include <stdbool.h>

#define MTOM11 \
    "multipart/related; type=\"application/xop+xml\"; boundary=b; start=\"<r>\"; start-info=\"text/xml\""
#define MTOM12 \
    "multipart/related; type=\"application/xop+xml\"; boundary=b; start=\"<r>\"; " \
    "start-info=\"application/soap+xml; action=\\\"urn:album/Store\\\"\"; action=\"urn:album/Store\""
#define SWA "multipart/related; type=\"text/xml\"; boundary=b; start=\"<r>\""
#define ROOT11 \
    "--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"text/xml\"\r\nContent-ID: <r>\r\n\r\n"
#define ROOT12 \
    "--b\r\nContent-Type: application/xop+xml; charset=UTF-8; type=\"application/soap+xml\"\r\nContent-ID: " \
    "<r>\r\n\r\n"
#define ROOTSWA "--b\r\nContent-Type: text/xml\r\nContent-ID: <r>\r\n\r\n"
#define ENV(ns, body) "<e:Envelope xmlns:e=\"" ns "\"><e:Body>" body "</e:Body></e:Envelope>"
#define ENV11(body) ENV("http://schemas.xmlsoap.org/soap/envelope/", body)
#define ENV12(body) ENV("http://www.w3.org/2003/05/soap-envelope", body)
#define STORE(members) "<Store xmlns=\"urn:album\"><Name>n</Name>" members "</Store>"
#define INCLUDE(href) "<i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\" href=\"" href "\"/>"
#define PICTURE(content) "<Picture>" content "</Picture>"
#define PART(id, content) "\r\n--b\r\nContent-ID: <" id ">\r\n\r\n" content
#define END "\r\n--b--\r\n"

static const struct {
    const char *name, *type, *body;
    bool loose;
    unsigned status;
    const char *want; /* in the answer */
} cases[] = {
    { "mtom11", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a@x")))) PART("a@x", "abc") END, 0, 200,
      "<tns:Bytes>3</tns:Bytes>" },
    { "mtom12", MTOM12, ROOT12 ENV12(STORE(PICTURE(INCLUDE("cid:a%40x")))) PART("a@x", "ab\r\n") END, 0, 200,
      "<tns:Bytes>4</tns:Bytes>" },
    { "empty part", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "") END, 0, 200,
      "<tns:Bytes>0</tns:Bytes>" },
    { "no octets beside", MTOM11, ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 200,
      "<tns:Bytes>3</tns:Bytes>" },
    { "root last", MTOM11,
      "--b\r\nContent-ID: <a>\r\n\r\nabcd\r\n" ROOT11 ENV11(STORE(PICTURE(INCLUDE("CID:a")))) END, 0, 200,
      "<tns:Bytes>4</tns:Bytes>" },
    { "several members", MTOM11,
      ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:p")) "<Icon>" INCLUDE("cid:i") "</Icon><Page>" INCLUDE(
          "cid:1") "</Page><Page>YQ==</Page><Extra format=\"f\">" INCLUDE("cid:e") "</Extra>"))
          PART("i", "ii") PART("p", "ppp") PART("1", "1111") PART("e", "eeeee") END,
      0, 200, "<tns:Bytes>15</tns:Bytes>" },
    { "facet of a part", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("") "<Icon>" INCLUDE("cid:i") "</Icon>")) PART("i", "12345678901234567") END,
      0, 500, "longer than its type" },
    { "facet of a short part", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("") "<Icon>" INCLUDE("cid:i") "</Icon>")) PART("i", "1") END, 0, 500,
      "shorter than its type" },
    { "facet met", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("") "<Icon>" INCLUDE("cid:i") "</Icon>")) PART("i", "1234567890123456") END,
      0, 200, "<tns:Bytes>16</tns:Bytes>" },
    { "pattern of a part", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("") "<Seal>" INCLUDE("cid:i") "</Seal>")) PART("i", "abc") END, 0, 200,
      "<tns:Bytes>3</tns:Bytes>" },
    { "swa", SWA, ROOTSWA ENV11(STORE(PICTURE("YWJj"))) PART("x", "12345") END, 1, 200, "[x - 5]" },
    { "swa, both kinds", MTOM11,
      ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "abc") PART("x", "1") END, 1, 200,
      "[a - 3 included][x - 1]" },
    { "no id", SWA, ROOTSWA ENV11(STORE(PICTURE("YWJj"))) "\r\n--b\r\nContent-Type: a/b\r\n\r\nxy" END, 1,
      200, "[- a/b 2]" },
    /* row 22 */
    { "past_cxf_xop_fetch", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("http://127.0.0.1:1/")))) END, 0, 500,
      "by cid:" },
    { "past_cxf_xop_file", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("file:///etc/passwd")))) END, 0, 500,
      "by cid:" },
    { "no scheme", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("a")))) PART("a", "x") END, 0, 500, "by cid:" },
    { "no such part", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:b")))) PART("a", "x") END, 0, 500,
      "does not have beside" },
    { "the envelope itself", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:r")))) END, 0, 500,
      "does not have beside" },
    { "twice", MTOM11,
      ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")) "<Page>" INCLUDE("cid:a") "</Page>")) PART("a", "x") END,
      0, 500, "twice" },
    { "unused part", MTOM11, ROOT11 ENV11(STORE(PICTURE("YWJj"))) PART("a", "x") END, 0, 500, "any member" },
    { "bad escape", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:%4")))) PART("a", "x") END, 0, 500,
      "does not have beside" },
    { "no href", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("<i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\"/>"))) END, 0,
      500, "no href" },
    { "other attribute", MTOM11,
      ROOT11 ENV11(
          STORE(PICTURE("<i:Include xmlns:i=\"http://www.w3.org/2004/08/xop/include\" src=\"cid:a\"/>")))
          PART("a", "x") END,
      0, 500, "one attribute" },
    { "text beside", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a") "YQ=="))) PART("a", "x") END, 0, 500,
      "only content" },
    { "text before", MTOM11, ROOT11 ENV11(STORE(PICTURE("YQ==" INCLUDE("cid:a")))) PART("a", "x") END, 0, 500,
      "no elements in it" },
    { "in a string", MTOM11,
      ROOT11 ENV11("<Store xmlns=\"urn:album\"><Name>" INCLUDE("cid:a") "</Name></Store>") PART("a", "x") END,
      0, 500, "no elements in it" },
    { "not mtom", SWA, ROOTSWA ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "x") END, 1, 500,
      "no elements in it" },
    { "plain message", "text/xml", ENV11(STORE(PICTURE(INCLUDE("cid:a")))), 0, 500, "no elements in it" },
    /* row 23 */
    { "same id", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "x") PART("a", "y") END, 0,
      500, "same Content-ID" },
    { "no final boundary", MTOM11, ROOT11 ENV11(STORE(PICTURE(INCLUDE("cid:a")))) PART("a", "x"), 0, 500,
      "last boundary" },
    { "wrong start", "multipart/related; type=\"application/xop+xml\"; boundary=b; start=\"<q>\"",
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500, "start names" },
    { "wrong type", "multipart/related; type=\"text/xml\"; boundary=b",
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500, "media type of the root" },
    { "no type", "multipart/related; boundary=b", ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500,
      "media type of the root" },
    { "no boundary", "multipart/related; type=\"application/xop+xml\"",
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) END, 0, 500, "names a boundary" },
    { "too many parts", MTOM11,
      ROOT11 ENV11(STORE(PICTURE("YWJj"))) PART("1", "") PART("2", "") PART("3", "") PART("4", "")
          PART("5", "") PART("6", "") PART("7", "") PART("8", "") END,
      1, 500, "limits.mime_parts" },
    { "other action", MTOM12 "; x=y", ROOT12 ENV12("<Fetch xmlns=\"urn:album\"><Size>1</Size></Fetch>") END,
      0, 400, "another operation" },
    { "other version", MTOM11, ROOT11 ENV12(STORE(PICTURE("YWJj"))) END, 0, 415, "another version" },
    { "other charset", MTOM11,
      "--b\r\nContent-Type: application/xop+xml; charset=utf-16; type=\"text/xml\"\r\nContent-ID: "
      "<r>\r\n\r\n" ENV11(STORE(PICTURE("YWJj"))) END,
      0, 500, "charset" },
};

#endif
