"""A camera on 127.0.0.1: H.264 with a key picture every 2 s and AAC, live, over RTSP. Prints its port when it listens."""
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer

picture = (
    'videotestsrc name=eye is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1 '
    '! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1'
)
sound = 'audiotestsrc name=ear is-live=true freq=440 volume=0.25 ! audio/x-raw,rate=48000,channels=1 ! audioconvert ! voaacenc ! aacparse ! rtpmp4gpay name=pay1 pt=97'

Gst.init(None)
missing = [name for name in ('x264enc', 'h264parse', 'rtph264pay', 'voaacenc', 'rtpmp4gpay') if Gst.ElementFactory.find(name) is None]
if missing:
    sys.exit('GStreamer lacks ' + ', '.join(missing))
if sys.argv[1:] == ['--check']:
    sys.exit(0)

server = GstRtspServer.RTSPServer()
server.set_address('127.0.0.1')
server.set_service(sys.argv[1] if len(sys.argv) > 1 else '0')
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f'( {picture} {sound} )')
factory.set_shared(True)
server.get_mount_points().add_factory('/cam', factory)
server.attach(None)

# What a person at the camera may do, one word a line on stdin: cover the lens, freeze it, mute it, or let it be.
faults = {'black': (2, 0.25), 'frozen': (10, 0.25), 'mute': (18, 0.0), 'loud': (18, 1.0), 'live': (18, 0.25)}
running = []
now = ['live']


def obey(element):
    pattern, volume = faults[now[0]]
    element.get_by_name('eye').set_property('pattern', pattern)
    element.get_by_name('ear').set_property('volume', volume)


def configured(_, media):
    running[:] = [media.get_element()]
    obey(running[0])


def heard(channel, _):
    word = channel.readline().strip()
    if word not in faults:
        return word != ''
    now[0] = word
    for element in running:
        obey(element)
    return True


factory.connect('media-configure', configured)
GLib.io_add_watch(sys.stdin, GLib.IO_IN | GLib.IO_HUP, heard)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
