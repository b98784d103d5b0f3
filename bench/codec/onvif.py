#!/usr/bin/env python3
"""bench/codec/onvif.py - the two ONVIF answers of the codec benchmark, the same bytes on every run.

onvif_profiles(): what a camera with five media profiles says to GetProfiles, some 15 KB; onvif_services(): what a device
says to GetServices. Both follow the official schemas, with the prefixes that devices use; indentation is as devices
send it, none.
"""
TT = 'xmlns:tt="http://www.onvif.org/ver10/schema"'
SPACES = "http://www.onvif.org/ver10/tptz/"


def multicast(address, port):
    return (f"<tt:Multicast><tt:Address><tt:Type>IPv4</tt:Type><tt:IPv4Address>{address}</tt:IPv4Address></tt:Address>"
            f"<tt:Port>{port}</tt:Port><tt:TTL>5</tt:TTL><tt:AutoStart>false</tt:AutoStart></tt:Multicast>"
            "<tt:SessionTimeout>PT60S</tt:SessionTimeout>")


def config(name, uses, kind, items):
    values = "".join(f'<tt:SimpleItem Name="{n}" Value="{v}"/>' for n, v in items)
    return f'<tt:{kind} Name="{name}" Type="tt:{uses}"><tt:Parameters>{values}</tt:Parameters></tt:{kind}>'


def ranges(*names):
    return "".join(f"<tt:{n}><tt:Min>-1</tt:Min><tt:Max>1</tt:Max></tt:{n}>" for n in names)


def profile(i):
    width, height = ((3840, 2160), (1920, 1080), (1280, 720), (640, 360))[i % 4]
    video = (
        f'<tt:VideoSourceConfiguration token="vsc{i % 2}"><tt:Name>Video source {i % 2}</tt:Name><tt:UseCount>3</tt:UseCount>'
        f'<tt:SourceToken>vs{i % 2}</tt:SourceToken><tt:Bounds x="0" y="0" width="{width}" height="{height}"/>'
        f'</tt:VideoSourceConfiguration><tt:AudioSourceConfiguration token="asc0"><tt:Name>Microphone</tt:Name>'
        f"<tt:UseCount>6</tt:UseCount><tt:SourceToken>as0</tt:SourceToken></tt:AudioSourceConfiguration>"
        f'<tt:VideoEncoderConfiguration token="vec{i}"><tt:Name>Encoder {i}</tt:Name><tt:UseCount>1</tt:UseCount>'
        f"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height>"
        f"</tt:Resolution><tt:Quality>{3 + i * 0.5}</tt:Quality><tt:RateControl><tt:FrameRateLimit>{25 - i}"
        "</tt:FrameRateLimit><tt:EncodingInterval>1</tt:EncodingInterval>"
        f"<tt:BitrateLimit>{8192 >> i % 4}</tt:BitrateLimit></tt:RateControl><tt:H264><tt:GovLength>50</tt:GovLength>"
        f'<tt:H264Profile>Main</tt:H264Profile></tt:H264>{multicast(f"239.0.{i}.1", 32000 + 2 * i)}'
        f'</tt:VideoEncoderConfiguration><tt:AudioEncoderConfiguration token="aec0"><tt:Name>Audio encoder</tt:Name>'
        "<tt:UseCount>6</tt:UseCount><tt:Encoding>AAC</tt:Encoding><tt:Bitrate>64</tt:Bitrate>"
        f'<tt:SampleRate>16</tt:SampleRate>{multicast("239.0.9.1", 33000)}</tt:AudioEncoderConfiguration>')
    modules = config("Cell motion engine", "CellMotionEngine", "AnalyticsModule",
                     [("Sensitivity", 40 + i), ("Layout", "22x18")])
    rules = config("Motion", "CellMotionDetector", "Rule", [("MinCount", 5), ("AlarmOnDelay", 100)])
    analytics = (
        f'<tt:VideoAnalyticsConfiguration token="vac{i % 2}"><tt:Name>Analytics</tt:Name><tt:UseCount>3</tt:UseCount>'
        f"<tt:AnalyticsEngineConfiguration>{modules}</tt:AnalyticsEngineConfiguration><tt:RuleEngineConfiguration>{rules}"
        "</tt:RuleEngineConfiguration></tt:VideoAnalyticsConfiguration>")
    ptz = (
        '<tt:PTZConfiguration token="ptz0"><tt:Name>PTZ</tt:Name><tt:UseCount>2</tt:UseCount><tt:NodeToken>node0'
        f"</tt:NodeToken><tt:DefaultContinuousPanTiltVelocitySpace>{SPACES}PanTiltSpaces/VelocityGenericSpace"
        f"</tt:DefaultContinuousPanTiltVelocitySpace><tt:DefaultPTZSpeed><tt:PanTilt x=\"0.5\" y=\"0.25\" "
        f'space="{SPACES}PanTiltSpaces/GenericSpeedSpace"/><tt:Zoom x="1"/></tt:DefaultPTZSpeed>'
        f"<tt:DefaultPTZTimeout>PT10S</tt:DefaultPTZTimeout><tt:PanTiltLimits><tt:Range><tt:URI>{SPACES}PanTiltSpaces/"
        f'PositionGenericSpace</tt:URI>{ranges("XRange", "YRange")}</tt:Range></tt:PanTiltLimits></tt:PTZConfiguration>')
    metadata = (
        f'<tt:MetadataConfiguration token="mc0"><tt:Name>Metadata</tt:Name><tt:UseCount>6</tt:UseCount><tt:PTZStatus>'
        "<tt:Status>true</tt:Status><tt:Position>true</tt:Position></tt:PTZStatus><tt:Analytics>true</tt:Analytics>"
        f'{multicast("239.0.8.1", 34000)}</tt:MetadataConfiguration>')
    return (f'<trt:Profiles token="profile{i}" fixed="{"true" if i < 2 else "false"}"><tt:Name>Profile {i}</tt:Name>{video}'
            f'{analytics if i < 4 else ""}{ptz if i < 2 else ""}{metadata}</trt:Profiles>')


def profiles():
    return (f'<trt:GetProfilesResponse xmlns:trt="http://www.onvif.org/ver10/media/wsdl" {TT}>'
            + "".join(profile(i) for i in range(5)) + "</trt:GetProfilesResponse>")


def services():
    names = ("device", "media", "events", "imaging", "deviceIO", "analytics", "recording", "search", "replay", "receiver")
    lines = "".join(
        f"<tds:Service><tds:Namespace>http://www.onvif.org/ver10/{n}/wsdl</tds:Namespace>"
        f"<tds:XAddr>http://192.0.2.17/onvif/{n}_service</tds:XAddr><tds:Version><tt:Major>{2 + i}</tt:Major>"
        f"<tt:Minor>{i * 6}</tt:Minor></tds:Version></tds:Service>" for i, n in enumerate(names))
    return (f'<tds:GetServicesResponse xmlns:tds="http://www.onvif.org/ver10/device/wsdl" {TT}>{lines}'
            "</tds:GetServicesResponse>")


def documents():
    yield "onvif-profiles", profiles()
    yield "onvif-services", services()
