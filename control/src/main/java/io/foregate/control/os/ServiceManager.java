package io.foregate.control.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has started this process and wants to know how it is: systemd, or anything that speaks its protocol of notifications
 * (sd_notify(3)): datagrams to the unix socket that {@code NOTIFY_SOCKET} names. Where there is none, nothing is told to anybody.
 *
 * <p>Thread-safe. What can't be told is written to the log once, and does no harm.
 */
public final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int[] NO_DESCRIPTORS = {};

    private final byte @Nullable [] address;
    private final @Nullable Duration watchdog;
    private boolean broken;
    private boolean silent;

    private ServiceManager(byte @Nullable [] address, @Nullable Duration watchdog) {
        this.address = address;
        this.watchdog = watchdog;
    }

    /** The one that these variables name. */
    public static ServiceManager of(Map<String, String> environment, long pid) {
        String path = environment.get("NOTIFY_SOCKET");
        if (path == null || !path.startsWith("/") && !path.startsWith("@")) {
            return new ServiceManager(null, null);
        }
        // An abstract name is written with an @.
        byte[] address = (path.startsWith("@") ? "\0" + path.substring(1) : path).getBytes(StandardCharsets.UTF_8);
        return new ServiceManager(address, watchdog(environment, pid));
    }

    private static @Nullable Duration watchdog(Map<String, String> environment, long pid) {
        String micros = environment.get("WATCHDOG_USEC");
        String whose = environment.get("WATCHDOG_PID");
        boolean ours = whose == null || whose.equals(String.valueOf(pid));
        return ours && micros != null && micros.matches("[1-9][0-9]{0,17}")
                ? Duration.ofNanos(Long.parseLong(micros) * 1000)
                : null;
    }

    /** Within which time it wants to hear that this process is alive, again and again; null when it doesn't. */
    public @Nullable Duration watchdog() {
        return watchdog;
    }

    /** The process serves; also after {@link #reloading}. */
    public void ready(String status) {
        tell("READY=1\nSTATUS=" + status);
    }

    /** The configuration is being read anew. {@link #ready} follows, whatever comes of it. */
    public void reloading() {
        // The clock that systemd means is the one behind nanoTime.
        tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000 + "\nSTATUS=reading the configuration");
    }

    /** The process is about to end. */
    public void stopping() {
        tell("STOPPING=1\nSTATUS=no new connections; requests under way may finish");
    }

    /** Another process is the service from now on. This one says nothing any more, so as not to be taken for it. */
    public synchronized void replaced(long pid) {
        tell("MAINPID=" + pid);
        silent = true;
    }

    /** The process is alive. */
    void alive() {
        tell("WATCHDOG=1");
    }

    private synchronized void tell(String text) {
        if (address == null || silent) {
            return;
        }
        try {
            int socket = LibC.unixSocket(LibC.DATAGRAM);
            try {
                LibC.send(socket, text.getBytes(StandardCharsets.UTF_8), NO_DESCRIPTORS, address);
                broken = false;
            } finally {
                LibC.close(socket);
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            if (!broken) {
                broken = true;
                LOG.warn("the service manager can't be told anything: {}", e.getMessage());
            }
        }
    }
}
