package io.foregate.control.run;

import io.foregate.control.build.SnapshotBuilder.PlannedListener;
import io.foregate.control.config.model.ListenAddress;
import io.foregate.proxy.filters.HttpsPort;
import io.foregate.proxy.server.DataPlane;
import io.foregate.proxy.server.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens listeners, and says what to do where that fails. Stateless. */
final class Doors {
    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    private Doors() {}

    static Listener open(DataPlane plane, PlannedListener planned) throws StartFailure {
        ListenAddress wanted = planned.listener().address().value();
        ListenAddress fallback = planned.listener().fallback();
        try {
            return opened(planned, bind(plane, planned, wanted));
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
            return opened(planned, bind(plane, planned, fallback));
        } catch (IOException e) {
            throw failure(planned, fallback, e);
        }
    }

    // Redirects lead to the port that it has become.
    private static Listener opened(PlannedListener planned, Listener listener) {
        HttpsPort port = planned.port();
        if (port != null) {
            port.set(listener.address().getPort());
        }
        return listener;
    }

    private static Listener bind(DataPlane plane, PlannedListener planned, ListenAddress address) throws IOException {
        InetSocketAddress socketAddress = socketAddress(address);
        refuseTaken(socketAddress);
        return plane.bind(planned.listener().name().text(), socketAddress, planned.settings());
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
        var origin = planned.listener().address().origin();
        String where = origin.isDefault() ? "" : origin + ": ";
        return new StartFailure(
                where + "listener " + planned.listener().name() + " can't listen on " + address + ": " + why, e);
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
