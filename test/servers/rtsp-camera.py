"""A camera on 127.0.0.1: H.264 with a key picture every 2 s and AAC, live, over RTSP. Prints its port when it listens."""
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer

picture = (
    'videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=180,framerate=25/1 '
    '! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1'
)
sound = 'audiotestsrc is-live=true freq=440 volume=0.25 ! audio/x-raw,rate=48000,channels=1 ! audioconvert ! voaacenc ! aacparse ! rtpmp4gpay name=pay1 pt=97'

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
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
