package io.foregate.control.run;

import io.foregate.control.build.SnapshotBuilder.PlannedListener;
import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problem;
import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.control.os.InheritedSockets;
import io.foregate.proxy.server.DataPlane;
import io.foregate.proxy.server.Listener;
import io.foregate.proxy.server.Reception;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes addresses to listen on, and says what to do where that fails. Stateless. */
final class DoorOpener {
    private static final Logger LOG = LoggerFactory.getLogger(DoorOpener.class);

    private final DataPlane plane;
    private final InheritedSockets inherited;
    private final List<Listener> leaving;

    /**
     * @param inherited sockets that listen already, and come first
     * @param leaving what this process listens on, and is about to leave
     */
    DoorOpener(DataPlane plane, InheritedSockets inherited, List<Listener> leaving) {
        this.plane = plane;
        this.inherited = inherited;
        this.leaving = List.copyOf(leaving);
    }

    /** Takes the listener's address, or where that is forbidden the one that it falls back to. Accepts nothing yet. */
    Listener open(PlannedListener planned, Reception reception) throws StartFailure {
        ListenAddress wanted = planned.listener().address().value();
        ListenAddress fallback = planned.listener().fallback();
        try {
            return bind(planned, wanted, reception);
        } catch (IOException e) {
            if (fallback == null || !isForbidden(e)) {
                throw failure(planned, wanted, e);
            }
            LOG.warn(
                    "this process may not listen on port {}, so the built-in listener uses {}; to choose another"
                            + " address, write listeners:",
                    wanted.port(),
                    fallback);
        }
        try {
            return bind(planned, fallback, reception);
        } catch (IOException e) {
            throw failure(planned, fallback, e);
        }
    }

    private Listener bind(PlannedListener planned, ListenAddress address, Reception reception) throws IOException {
        InetSocketAddress socketAddress = socketAddress(address);
        String name = planned.listener().name().text();
        List<Integer> sockets =
                inherited.take(new InheritedSockets.Label(name, label(planned.listener())), socketAddress);
        if (!sockets.isEmpty()) {
            return plane.adopt(name, sockets, reception);
        }
        if (!isBeingLeft(socketAddress)) {
            refuseTaken(socketAddress);
        }
        return plane.bind(name, socketAddress, reception);
    }

    /** A listener's address as another process of the same configuration has it. */
    static String label(EffectiveListener listener) {
        return listener.address().value().toString();
    }

    // As when all addresses of the machine become one of them: both are had for a moment.
    private boolean isBeingLeft(InetSocketAddress address) {
        return plane.sharesAddresses()
                && leaving.stream()
                        .map(Listener::address)
                        .anyMatch(one -> one.getPort() == address.getPort()
                                && (one.getAddress().isAnyLocalAddress()
                                        || address.getAddress().isAnyLocalAddress()
                                        || one.equals(address)));
    }

    static InetSocketAddress socketAddress(ListenAddress address) {
        if (address.host().isEmpty()) {
            return new InetSocketAddress(address.port());
        }
        InetAddress local = address.host().equals("localhost")
                ? InetAddress.getLoopbackAddress()
                : InetAddress.ofLiteral(address.host());
        return new InetSocketAddress(local, address.port());
    }

    /**
     * Throws when somebody listens there. Our sockets share their port among the loops (SO_REUSEPORT), and the kernel would
     * let a second process of the same user join in without a word and take half of the connections.
     */
    private static void refuseTaken(InetSocketAddress address) throws IOException {
        if (address.getPort() == 0) {
            return;
        }
        try (Socket probe = new Socket()) {
            probe.setReuseAddress(true);
            probe.bind(address);
        }
    }

    private static boolean isForbidden(IOException e) {
        return reason(e).contains("ermission denied");
    }

    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        Throwable cause = e.getCause();
        return cause == null ? message : message + " " + cause.getMessage();
    }

    private static StartFailure failure(PlannedListener planned, ListenAddress address, IOException e) {
        String reason = reason(e).toLowerCase(Locale.ROOT);
        String why;
        if (reason.contains("address already in use")) {
            why = "port " + address.port() + " is taken by another process; 'ss -ltnp' shows by which";
        } else if (reason.contains("permission denied")) {
            why = "this process may not use port " + address.port()
                    + "; use one from 1024 on, or allow it with CAP_NET_BIND_SERVICE or the sysctl"
                    + " net.ipv4.ip_unprivileged_port_start";
        } else if (reason.contains("cannot assign requested address") || reason.contains("can't assign requested")) {
            why = "no interface of this machine has that address";
        } else {
            why = e instanceof BindException || e.getCause() == null
                    ? String.valueOf(e.getMessage())
                    : String.valueOf(e.getCause().getMessage());
        }
        Origin origin = planned.listener().address().origin();
        Position position = origin.position();
        String message = "listener " + planned.listener().name() + " can't listen on " + address + ": " + why;
        return position == null
                ? new StartFailure(message, e)
                : new StartFailure(Problem.at(position, origin.path(), message, ""), e);
    }

    /** A listener's address as one types it into a browser. */
    static String url(InetSocketAddress address, boolean tls) {
        String scheme = tls ? "https://" : "http://";
        if (address.getAddress().isAnyLocalAddress()) {
            return scheme + "localhost:" + address.getPort() + " and all other addresses of this machine";
        }
        String host = address.getAddress().getHostAddress();
        return scheme + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
