"""A camera on 127.0.0.1 that is dark and silent but for a white flash and a beep, together, whenever the machine's monotonic clock passes
a whole multiple of 5 s: what it shows tells when it was taken, however often it is dialled. Prints its port when it listens."""
import threading
import time

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtspServer

FRAME_MS = 40
PERIOD_MS = 5000
BRIGHT_MS = 120
WIDTH, HEIGHT, RATE = 160, 90, 48000

picture = (
    f'appsrc name=vsrc is-live=true format=time caps=video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate=25/1 '
    '! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50 ! h264parse ! rtph264pay name=pay0 pt=96 config-interval=1'
)
sound = (
    f'appsrc name=asrc is-live=true format=time caps=audio/x-raw,format=S16LE,rate={RATE},channels=1,layout=interleaved '
    '! audioconvert ! voaacenc ! aacparse ! rtpmp4gpay name=pay1 pt=97'
)

# voaacenc gives out its sound so much later than it was given in: a camera's maker corrects that, so this one does.
ENCODER_DELAY = 1600 * Gst.SECOND // RATE

planes = WIDTH * HEIGHT, (WIDTH // 2) * (HEIGHT // 2) * 2
samples = RATE * FRAME_MS // 1000
frames = {False: b'\x10' * planes[0] + b'\x80' * planes[1], True: b'\xeb' * planes[0] + b'\x80' * planes[1]}
# 1 kHz, square: half a millisecond up, half down.
sounds = {False: b'\0\0' * samples, True: (b'\x00\x40' * (RATE // 2000) + b'\x00\xc0' * (RATE // 2000)) * (samples * 1000 // RATE)}


def feed(element):
    video, audio = element.get_by_name('vsrc'), element.get_by_name('asrc')
    now_ms = time.monotonic_ns() // 1_000_000
    at_ms = (now_ms // FRAME_MS + 1) * FRAME_MS
    time.sleep((at_ms - now_ms) / 1000)
    pts = FRAME_MS * Gst.MSECOND + (max(0, element.get_current_running_time()) if element.get_clock() else 0)
    while True:
        bright = at_ms % PERIOD_MS < BRIGHT_MS
        for source, data, delay in ((video, frames[bright], 0), (audio, sounds[bright], ENCODER_DELAY)):
            buffer = Gst.Buffer.new_wrapped(data)
            buffer.pts, buffer.duration = pts - delay, FRAME_MS * Gst.MSECOND
            if source.emit('push-buffer', buffer) != Gst.FlowReturn.OK:
                return
        at_ms += FRAME_MS
        pts += FRAME_MS * Gst.MSECOND
        time.sleep(max(0, at_ms / 1000 - time.monotonic()))


def configure(_factory, media):
    threading.Thread(target=feed, args=(media.get_element(),), daemon=True).start()


Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address('127.0.0.1')
server.set_service('0')
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(f'( {picture} {sound} )')
factory.set_shared(True)
factory.connect('media-configure', configure)
server.get_mount_points().add_factory('/cam', factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
