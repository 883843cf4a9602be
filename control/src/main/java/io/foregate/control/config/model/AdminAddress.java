package io.foregate.control.config.model;

import io.foregate.control.config.bind.BadValue;
import io.foregate.control.config.bind.Scalar;
import java.nio.charset.StandardCharsets;

/**
 * Where the admin API listens.
 *
 * @param kind of which the other parts depend
 * @param path of a unix socket, as written; else empty
 * @param host an address, empty for all of them; also empty where there is none
 * @param port 0 lets the system choose
 */
@Scalar(
        value = "an admin address",
        pattern = "^(off|unix:.+|(\\[[0-9A-Fa-f:.]+\\]|[^:/\\s\\[\\]]*):[0-9]{1,5})$",
        examples = {"127.0.0.1:9900", "unix:/run/foregate/admin.sock", "off"},
        doc =
                "`address:port`, `unix:PATH` for a unix socket (a relative path starts at the folder of the configuration file),"
                        + " or `off`.")
public record AdminAddress(Kind kind, String path, String host, int port) {
    /** What is listened on. */
    public enum Kind {
        OFF,
        UNIX,
        TCP
    }

    private static final int LONGEST_PATH = 90;
    private static final String UNIX = "unix:";

    /** Nothing is listened on. */
    public static final AdminAddress OFF = new AdminAddress(Kind.OFF, "", "", 0);

    public static AdminAddress parse(String text) throws BadValue {
        if (text.equals("off")) {
            return OFF;
        }
        if (text.startsWith(UNIX)) {
            String path = text.substring(UNIX.length());
            if (path.isBlank() || path.indexOf('\0') >= 0 || path.endsWith("/")) {
                throw new BadValue(
                        "that is not the path of a socket", "write for example unix:/run/foregate/admin.sock");
            }
            if (path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
                throw new BadValue(
                        "the path is longer than the " + LONGEST_PATH + " bytes that a socket's may have",
                        "choose a shorter one, such as unix:/run/foregate/admin.sock");
            }
            return new AdminAddress(Kind.UNIX, path, "", 0);
        }
        ListenAddress address = ListenAddress.parse(text);
        return new AdminAddress(Kind.TCP, "", address.host(), address.port());
    }

    /** Whether only this machine reaches it. */
    public boolean local() {
        return switch (kind) {
            case OFF, UNIX -> true;
            case TCP -> isLoopback(host);
        };
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        byte[] bytes = Addresses.parse(host);
        if (bytes == null) {
            return false;
        }
        if (bytes.length == 4) {
            return bytes[0] == 127;
        }
        for (int i = 0; i < 15; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[15] == 1;
    }

    @Override
    public String toString() {
        return switch (kind) {
            case OFF -> "off";
            case UNIX -> UNIX + path;
            case TCP -> new ListenAddress(host, port).toString();
        };
    }
}
