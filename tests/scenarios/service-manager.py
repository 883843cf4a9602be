#!/usr/bin/env python3
"""A service manager as small as can be: opens a socket, starts a command with it as systemd does (LISTEN_FDS), and prints what the
command has to tell (NOTIFY_SOCKET), a line for each message. SIGTERM ends the command, and then this.

    service-manager.py [--abstract] [--watchdog MICROSECONDS] [--listen ADDRESS:PORT] FOLDER COMMAND...
"""

import os
import signal
import socket
import sys

arguments = sys.argv[1:]
abstract = watchdog = listen = None
while arguments[0].startswith("--"):
    option = arguments.pop(0)
    if option == "--abstract":
        abstract = True
    elif option == "--watchdog":
        watchdog = arguments.pop(0)
    else:
        listen = arguments.pop(0)
folder, command = arguments[0], arguments[1:]

notifications = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = f"\0foregate-test-{os.getpid()}" if abstract else os.path.join(folder, "notify")
notifications.bind(name)
environment = dict(os.environ, NOTIFY_SOCKET=name.replace("\0", "@"))
if watchdog:
    environment["WATCHDOG_USEC"] = watchdog
door = None
if listen:
    host, port = listen.rsplit(":", 1)
    door = socket.create_server((host, int(port)))

child = os.fork()
if child == 0:
    if door:
        os.dup2(door.fileno(), 3)
        environment.update(LISTEN_FDS="1", LISTEN_FDNAMES="main", LISTEN_PID=str(os.getpid()))
    os.execvpe(command[0], command, environment)

print("child", child, flush=True)
notifications.settimeout(0.05)
stopping = False


def stop(*_):
    global stopping
    stopping = True
    if child:
        os.kill(child, signal.SIGTERM)


signal.signal(signal.SIGTERM, stop)
while True:
    try:
        print("told", " ".join(notifications.recv(4096).decode().split("\n")), flush=True)
        continue
    except TimeoutError:
        pass
    if child and os.waitpid(child, os.WNOHANG)[0]:
        print("ended", child, flush=True)
        child = 0
    if stopping and not child:
        break
