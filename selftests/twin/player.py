# SPDX-License-Identifier: GPL-2.0
"""What the scripts that tools/twin plays are written with.

A script is a list of steps.  Each step runs one command (or one sysfs write, one netlink request), waits until the
kernel has nothing more to say, and records what a user could have noticed: the exit status, errno and extack, lines of
the kernel log, lines of "ip monitor", and what changed in /proc, in sysfs and in "ip -d -j link".  The record is text,
one fact a line, so that two records can be compared line by line.

	step lines	"== 3 ip link set p0 master bond0"
	facts		"rc 0", "out ...", "log ...", "event ...", "state DEVICE ..."

Times are kept out of the facts; they go to a second file for people.
"""
import array
import errno
import fcntl
import glob
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

from rtlink import NEWLINK, SETLINK, Rtnetlink, attr

RESULTS = os.environ.get("BED_RESULTS", "/tmp")
NAME = os.path.splitext(os.path.basename(sys.argv[0]))[0]
SETTLE = 1.3 if os.environ.get("BED_CLOCK") == "icount" else 0.5	# seconds of silence that end a step

_record = open(f"{RESULTS}/{NAME}.record", "w", encoding="utf-8")
_times = open(f"{RESULTS}/{NAME}.times", "w", encoding="utf-8")
_watched = []		# devices whose state is looked at after every step
_state = {}		# device -> {key: value} as last recorded
_step = 0


def fact(kind, text, when=None):
    """One line of the record."""
    _record.write(f"{kind} {text}\n")
    _times.write(f"{time.monotonic() if when is None else when:12.6f} {kind} {text}\n")


def title(text):
    """A new chapter of the script."""
    fact("##", text)
    print(f"# {text}", flush=True)


# --- the kernel's log and ip monitor ----------------------------------------------------------------------------------
_kmsg = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
os.lseek(_kmsg, 0, os.SEEK_END)
_events = []
_lock = threading.Lock()


def _watch_events(pipe):
    for line in pipe:
        with _lock:
            _events.append((time.monotonic(), line.rstrip("\n")))


_monitor = subprocess.Popen(["stdbuf", "-oL", "ip", "-d", "-o", "monitor", "link", "address", "rule", "netconf"],
                            stdout=subprocess.PIPE, text=True)
threading.Thread(target=_watch_events, args=(_monitor.stdout,), daemon=True).start()


def log_lines():
    """New kernel log lines as (seconds, "<level> text")."""
    lines = []
    while True:
        try:
            head, text = os.read(_kmsg, 8192).decode(errors="replace").split(";", 1)
        except BlockingIOError:
            return lines
        except OSError:
            continue	# overwritten before we read it
        level, _, stamp = head.split(",")[:3]
        lines.append((int(stamp) / 1e6, f"<{int(level) & 7}> {text.splitlines()[0]}"))


def _drain():
    """Waits until nothing has been said for SETTLE seconds."""
    logs, events = log_lines(), []
    quiet = time.monotonic()
    while time.monotonic() - quiet < SETTLE:
        time.sleep(0.1)
        new = log_lines()
        with _lock:
            fresh = _events[:]
            del _events[:]
        if new or fresh:
            quiet = time.monotonic()
        logs += new
        events += fresh
    for when, text in logs:
        fact("log", text, when)
    for when, text in events:
        fact("event", text, when)


# --- state ------------------------------------------------------------------------------------------------------------
def read(path):
    """A file's text, or the name of the errno."""
    try:
        with open(path, "rb") as f:
            return f.read().decode(errors="replace")
    except OSError as e:
        return errno.errorcode.get(e.errno, str(e.errno))


def _flat(prefix, value, out):
    if isinstance(value, dict):
        for k, v in value.items():
            _flat(f"{prefix}.{k}", v, out)
    elif isinstance(value, list) and not all(isinstance(v, str) for v in value):
        for i, v in enumerate(value):
            _flat(f"{prefix}[{i}]", v, out)
    else:
        out[prefix] = ",".join(value) if isinstance(value, list) else json.dumps(value)


_SYSFS = ("address", "addr_assign_type", "broadcast", "carrier", "dormant", "duplex", "flags", "mtu", "name_assign_type",
          "operstate", "speed", "tx_queue_len", "type")
_ethtool = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
_feature_names = []


def _ethtool_call(dev, data):
    buf = array.array("B", data)
    fcntl.ioctl(_ethtool, 0x8946, struct.pack("16sP", dev.encode(), buf.buffer_info()[0]))	# SIOCETHTOOL
    return buf.tobytes()


def features(dev):
    """The names of the device's active offload features."""
    if not _feature_names:
        head = _ethtool_call(dev, struct.pack("=IIQI", 0x37, 0, 1 << 4, 0))	# ETHTOOL_GSSET_INFO, ETH_SS_FEATURES
        count = struct.unpack_from("=I", head, 16)[0]
        text = _ethtool_call(dev, struct.pack("=III", 0x1b, 4, count) + bytes(32 * count))	# ETHTOOL_GSTRINGS
        _feature_names.extend(text[12 + 32 * i:44 + 32 * i].split(b"\0")[0].decode() for i in range(count))
    blocks = (len(_feature_names) + 31) // 32
    data = _ethtool_call(dev, struct.pack("=II", 0x3a, blocks) + bytes(16 * blocks))	# ETHTOOL_GFEATURES
    words = [struct.unpack_from("=IIII", data, 8 + 16 * i) for i in range(blocks)]
    return {name: "".join(letter if words[i // 32][w] >> i % 32 & 1 else "-"
                          for w, letter in ((0, "c"), (1, "w"), (2, "A"), (3, "n")))
            for i, name in enumerate(_feature_names) if words[i // 32][2] >> i % 32 & 1 or words[i // 32][1] >> i % 32 & 1}


def _look_files(dev, out):
    for f in _SYSFS:
        out[f"sysfs.{f}"] = repr(read(f"/sys/class/net/{dev}/{f}"))
    for folder in ("bonding", "bonding_slave"):
        for f in sorted(glob.glob(f"/sys/class/net/{dev}/{folder}/*")):
            out[f"{folder}.{os.path.basename(f)}"] = repr(read(f))
    for f in sorted(glob.glob(f"/sys/class/net/{dev}/*er*")):
        if os.path.islink(f):
            out[f"sysfs.{os.path.basename(f)}"] = os.path.basename(os.readlink(f))
    for line in read("/proc/net/dev_mcast").splitlines():
        word = line.split()
        if word[1] == dev:
            out[f"maddr.{word[4]}"] = f"users={word[2]} static={word[3]}"
    if os.path.exists(f"/proc/net/bonding/{dev}"):
        for i, line in enumerate(read(f"/proc/net/bonding/{dev}").split("\n")):
            out[f"proc.{i:03}"] = line


def look(*devices):
    """Everything a user can see of each device: {device: {key: value}}."""
    p = subprocess.run(["ip", "-d", "-j", "link", "show"], stdout=subprocess.PIPE, text=True, check=False)
    entries = {e["ifname"]: e for e in json.loads(p.stdout or "[]") if "ifname" in e}
    out = {}
    for dev in devices:
        seen = out[dev] = {}
        if dev not in entries:
            seen["present"] = "no"
            continue
        _flat("ip", entries[dev], seen)
        _look_files(dev, seen)
        for name, value in features(dev).items():
            seen[f"feature.{name}"] = value
    return out


def watch(*devices):
    """From now on every step records what it changed about these devices; now it records all."""
    for dev in devices:
        if dev not in _watched:
            _watched.append(dev)
    whole(*devices)


def unwatch(*devices):
    for dev in devices:
        _watched.remove(dev)
        _state.pop(dev, None)


def whole(*devices):
    """Record everything about these devices."""
    for dev, now in look(*devices).items():
        _state[dev] = now
        for key, value in now.items():
            fact("state", f"{dev} {key} = {value}")


def _changes():
    for dev, now in look(*_watched).items() if _watched else ():
        old = _state.get(dev, {})
        _state[dev] = now
        if "present" in old or "present" in now:
            if "present" not in old:
                fact("state", f"{dev} is gone")
            elif "present" not in now:
                whole(dev)
            continue
        if [v for k, v in old.items() if k.startswith("proc.")] != [v for k, v in now.items() if k.startswith("proc.")]:
            for key, value in now.items():
                if key.startswith("proc."):
                    fact("state", f"{dev} {key} = {value}")
        for key in list(old) + [k for k in now if k not in old]:
            if not key.startswith("proc.") and old.get(key) != now.get(key):
                fact("state", f"{dev} {key}: {old.get(key, 'nothing')} -> {now.get(key, 'nothing')}")


def _begin(text):
    global _step
    _step += 1
    fact("==", f"{_step} {text}")


def _finish():
    _drain()
    _changes()
    _record.flush()
    _times.flush()


# --- steps ------------------------------------------------------------------------------------------------------------
def run(command, quiet=False):
    """A shell command.  quiet: preparation, leaves no facts but its failure."""
    if not quiet:
        _begin(command)
    p = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                       stdin=subprocess.DEVNULL)
    if quiet:
        if p.returncode:
            fact("!!", f"{command} failed: {p.stdout.strip()}")
        return p.returncode, p.stdout
    fact("rc", str(p.returncode))
    for line in p.stdout.splitlines():
        fact("out", line)
    _finish()
    return p.returncode, p.stdout


def prepare(*commands):
    """Commands that set the stage: what they cause is not recorded."""
    for command in commands:
        run(command, quiet=True)
    time.sleep(SETTLE)
    log_lines()
    with _lock:
        del _events[:]
    if _watched:
        _state.update(look(*_watched))


def _errno(e):
    return errno.errorcode.get(e, str(e))


def write(path, value, settle=True):
    """One write() to a file of sysfs; the fact is its errno."""
    if isinstance(value, str):
        value = value.encode()
    _begin(f"write {path} {value!r}")
    try:
        fd = os.open(path, os.O_WRONLY)
        try:
            n = os.write(fd, value)
            fact("rc", "OK" if n == len(value) else f"OK, {n} of {len(value)}")
        finally:
            os.close(fd)
    except OSError as e:
        fact("rc", _errno(e.errno))
    if settle:
        _finish()


def pause(seconds):
    """Let time pass."""
    _begin(f"pause {seconds}")
    time.sleep(seconds)
    _finish()


def show(command):
    """A command that changes nothing: only its output counts."""
    _begin(command)
    p = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                       stdin=subprocess.DEVNULL)
    fact("rc", str(p.returncode))
    for line in p.stdout.splitlines():
        fact("out", line)


# --- raw netlink: extack and attributes that iproute2 does not know ----------------------------------------------------
class Link(Rtnetlink):
    """rtnetlink requests about links."""
    NEWLINK, SETLINK = NEWLINK, SETLINK
    attr = staticmethod(attr)

    @staticmethod
    def header(dev=None, flags=0, change=0):
        index = 0
        if dev is not None:
            try:
                index = socket.if_nametoindex(dev)
            except OSError:
                index = 0x7ffffff0
        return struct.pack("=BBHiII", 0, 0, 0, index, flags, change)


link = Link()


def netlink(text, kind, flags, body, settle=True):
    """One rtnetlink request as a step; the facts are errno and extack."""
    _begin(f"netlink {text}")
    verdict, message, offset, _ = link.ask(kind, flags, body)
    fact("rc", verdict + (f' "{message}"' if message else "") + (f" at {offset}" if offset is not None else ""))
    if settle:
        _finish()


def set_master(port, master):
    """What "ip link set PORT master MASTER" asks for, with extack."""
    try:
        index = socket.if_nametoindex(master) if master else 0
    except OSError:
        index = 0x7ffffff0
    netlink(f"set {port} master {master}", Link.SETLINK, 0, link.header(port) + link.attr(10, struct.pack("=I", index)))


_far = []	# a Link in the namespace "far": quicker than a process, so that short spells are short


def _far_link():
    if not _far:
        _far.append(Link("far"))
    return _far[0]


def spell(port, plugged, seconds):
    """The far end of a port is unplugged (plugged) for a moment, then plugged (unplugged) again."""
    _begin(f"{port} {'plugged' if plugged else 'unplugged'} for {seconds} s")
    name = link.attr(3, port.replace("p", "w").encode() + b"\0")
    for up in (plugged, not plugged):
        verdict, _, _, _ = _far_link().ask(Link.NEWLINK, 0, link.header(None, 1 if up else 0, 1) + name)
        fact("rc", verdict)
        if up == plugged:
            time.sleep(seconds)
    _finish()


# --- the stage --------------------------------------------------------------------------------------------------------
#
#	namespace far:	w0	w1	w2		setting wN down takes pN's carrier
#			|	|	|
#	here:		p0	p1	p2		ports, 02:00:00:00:01:0N
#
def cables(count, mac=True):
    """Ports p0, p1 ... with a cable each into the namespace "far"."""
    prepare("ip netns add far; sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1",
            "ip -n far link set lo up")
    for i in range(count):
        address = f"address 02:00:00:00:01:0{i + 1}" if mac else ""
        prepare(f"ip link add p{i} {address} type veth peer name w{i} netns far address 02:00:00:00:02:0{i + 1}",
                f"ip -n far link set w{i} up")


def unplug(port, far="far"):
    run(f"ip -n {far} link set {port.replace('p', 'w')} down")


def plug(port, far="far"):
    run(f"ip -n {far} link set {port.replace('p', 'w')} up")


def load(words=""):
    """The driver under test, by the way users load it."""
    run(f"modprobe bonding {words}".strip())


def done():
    """The last line of a script."""
    fact("##", "end")
    _record.close()
    _times.close()
    _monitor.kill()
    print("# end", flush=True)
