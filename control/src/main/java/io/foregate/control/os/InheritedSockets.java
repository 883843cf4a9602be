package io.foregate.control.os;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets that listen already when this process starts: opened by the service manager, or by the process that this one takes over
 * from. Each is taken once. Thread-safe; empty once the process has started.
 */
public final class InheritedSockets {
    private static final Logger LOG = LoggerFactory.getLogger(InheritedSockets.class);
    private static final int FIRST = 3;

    /** What one calls it: a listener's name and its address as configured; where the service manager has opened it, null. */
    public record Label(String listener, String address) {}

    private record Inherited(
            int descriptor,
            InetSocketAddress address,
            @Nullable Label label) {}

    private final List<Inherited> all = new ArrayList<>();

    private InheritedSockets() {}

    /** None. */
    public static InheritedSockets none() {
        return new InheritedSockets();
    }

    /**
     * Those that the service manager says it has opened for this process: {@code LISTEN_FDS} of them, from descriptor 3 on.
     *
     * @throws IOException when what it says isn't true
     */
    public static InheritedSockets of(Map<String, String> environment, long pid) throws IOException {
        InheritedSockets sockets = new InheritedSockets();
        String count = environment.get("LISTEN_FDS");
        if (count == null || !String.valueOf(pid).equals(environment.get("LISTEN_PID"))) {
            return sockets;
        }
        if (!count.matches("[0-9]{1,4}")) {
            throw new IOException("LISTEN_FDS is no number: " + count);
        }
        for (int i = 0; i < Integer.parseInt(count); i++) {
            InetSocketAddress address = LibC.address(FIRST + i);
            boolean listens = address != null
                    && LibC.option(FIRST + i, LibC.SO_TYPE) == LibC.STREAM
                    && LibC.option(FIRST + i, LibC.SO_ACCEPTCONN) != 0;
            if (address == null || !listens) {
                throw new IOException("descriptor " + (FIRST + i)
                        + ", which the service manager has passed, isn't a TCP socket that listens");
            }
            LibC.makeOurs(FIRST + i);
            sockets.all.add(new Inherited(FIRST + i, address, null));
        }
        return sockets;
    }

    /** Adds one that another process has passed. */
    public synchronized void add(int descriptor, Label label) throws IOException {
        InetSocketAddress address = LibC.address(descriptor);
        if (address == null) {
            LibC.close(descriptor);
            throw new IOException("a descriptor that was passed isn't a TCP socket");
        }
        LibC.makeOurs(descriptor);
        all.add(new Inherited(descriptor, address, label));
    }

    /**
     * Those for the listener of that name and configured address; else those for its real address. They are the caller's then.
     *
     * @param wanted where it listens
     */
    public synchronized List<Integer> take(Label label, InetSocketAddress wanted) {
        List<Integer> taken = new ArrayList<>();
        boolean known = all.stream().anyMatch(one -> label.equals(one.label));
        for (Iterator<Inherited> left = all.iterator(); left.hasNext(); ) {
            Inherited one = left.next();
            // Where the system chooses the port, only the name says which it is.
            boolean fits = known ? label.equals(one.label) : wanted.getPort() != 0 && same(one.address, wanted);
            if (fits) {
                taken.add(one.descriptor);
                left.remove();
            }
        }
        return taken;
    }

    private static boolean same(InetSocketAddress one, InetSocketAddress other) {
        InetAddress first = one.getAddress();
        InetAddress second = other.getAddress();
        return one.getPort() == other.getPort()
                && (Objects.equals(first, second) || first.isAnyLocalAddress() && second.isAnyLocalAddress());
    }

    /** Closes those that nobody has taken. */
    public synchronized void closeRest() {
        for (Inherited one : all) {
            LOG.warn(
                    "a socket that listens on {} was passed to this process, and no listener has that address; it is closed",
                    text(one.address));
            LibC.close(one.descriptor);
        }
        all.clear();
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
