#!/usr/bin/env python3
"""bench/codec/generate.py DIR - writes the codec benchmark's documents, the same bytes on every run.

Each document is valid against bench.xsd, those of onvif.py against ONVIF's schemas; its name is the name its figures carry. The random numbers come from a
generator stated here, so that they do not depend on the version of Python.
"""
import base64
import os
import struct
import sys

import onvif

NS = 'xmlns:b="urn:soapbark:bench"'
MEGABYTE = 1000 * 1000


class Random:
    """xorshift64*: small, and the same everywhere."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        x = self.state
        x ^= x >> 12
        x = (x ^ x << 25) & 0xFFFFFFFFFFFFFFFF
        x ^= x >> 27
        self.state = x
        return (x * 0x2545F4914F6CDD1D & 0xFFFFFFFFFFFFFFFF) >> 11

    def below(self, n):
        return self.bits() % n

    def bytes(self, n):
        return b"".join(struct.pack("<Q", self.bits())[:4] for _ in range(n // 4 + 1))[:n]


WORDS = ("camera stream profile token imaging encoder bounds quality session multicast analytics relay window "
         "sensor exposure backlight focus gateway network hostname").split()
CYRILLIC = "камера поток профиль датчик сеть узел кадр звук свет окно запись событие".split()
CJK = "摄像机 视频 配置 网络 事件 分析 录像 设备 时间 质量 镜头 图像".split()


def sentence(random, words, count):
    return " ".join(words[random.below(len(words))] for _ in range(count))


def record(random, i, indent):
    states = ("active", "paused", "retired", "unknown")
    lines = [
        f"<b:id>{random.bits()}</b:id>",
        f"<b:count>{random.below(100000)}</b:count>",
        f"<b:enabled>{'true' if random.below(2) else 'false'}</b:enabled>",
        f"<b:ratio>{random.below(10**6) / 1000!r}</b:ratio>",
        f"<b:name>{sentence(random, WORDS, 3)}</b:name>",
        f"<b:created>20{random.below(30):02}-{random.below(12) + 1:02}-{random.below(28) + 1:02}"
        f"T{random.below(24):02}:{random.below(60):02}:{random.below(60):02}.{random.below(1000):03}Z</b:created>",
        f"<b:state>{states[random.below(4)]}</b:state>",
        f'<b:place zone="{random.below(60)}" label="{WORDS[random.below(len(WORDS))]}">'
        f"<b:latitude>{(random.bits() / 2**53 - 0.5) * 180!r}</b:latitude>"
        f"<b:longitude>{(random.bits() / 2**53 - 0.5) * 360!r}</b:longitude></b:place>",
    ]
    lines += [f"<b:tag>{WORDS[random.below(len(WORDS))]}</b:tag>" for _ in range(random.below(4))]
    if i % 3 == 0:
        lines.append(f"<b:note>{sentence(random, WORDS, 8)} &amp; {sentence(random, WORDS, 4)}</b:note>")
    lines.append(f"<b:digest>{base64.b64encode(random.bytes(18)).decode()}</b:digest>")
    gap = "\n    " if indent else ""
    return f"{gap[:-2]}<b:record>" + "".join(gap + line for line in lines) + f"{gap[:-2]}</b:record>"


def until(size, make):
    parts, total, i = [], 0, 0
    while total < size:
        part = make(i)
        parts.append(part)
        total += len(part.encode())
        i += 1
    return "".join(parts)


def document(root, content):
    return f'<b:{root} {NS}>{content}</b:{root}>'


def texts(words, seed):
    random = Random(seed)
    return document("texts", until(10 * MEGABYTE, lambda i: f"<b:text>{sentence(random, words, 120)}</b:text>"))


def mark(random):
    return (f'<b:mark x="{random.below(4000)}" y="{random.below(3000)}" width="{random.below(900)}" '
            f'height="{random.below(900)}" kind="active" visible="true" title="{sentence(random, WORDS, 3)}" '
            f'owner="{WORDS[random.below(len(WORDS))]}"/>')


def documents():
    random = Random(88172645463325252)
    yield "records", document("records", until(10 * MEGABYTE, lambda i: record(random, i, True)) + "\n")
    random = Random(88172645463325252)
    yield "records-minified", document("records", until(10 * MEGABYTE, lambda i: record(random, i, False)))
    yield "text-ascii", texts(WORDS, 1)
    yield "text-utf8", texts(CYRILLIC + CJK, 2)
    random = Random(3)
    yield "doubles", document("numbers", "".join(
        f"<b:number>{struct.unpack('<d', struct.pack('<Q', random.bits() << 1 | 1 << 61))[0]!r}</b:number>"
        for _ in range(1000000)))
    random = Random(4)
    yield "attributes", document("marks", until(10 * MEGABYTE, lambda i: mark(random)))
    random = Random(5)
    yield "base64", document("blobs", until(10 * MEGABYTE, lambda i: (
        f"<b:blob>{base64.b64encode(random.bytes(3000)).decode()}</b:blob>")))


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name, text in [*documents(), *onvif.documents()]:
        path = os.path.join(folder, name + ".xml")
        if not os.path.exists(path):
            with open(path + ".part", "w", encoding="utf-8", newline="\n") as out:
                out.write(text)
            os.replace(path + ".part", path)


if __name__ == "__main__":
    main(sys.argv[1])
