package io.foregate.proxy.tls;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocols that a listener offers within TLS (RFC 7301), the preferred one first. A value.
 *
 * <p>A client that offers protocols of which we have none is refused with {@code no_application_protocol}: speaking another
 * protocol than both agreed on is how cross-protocol attacks begin. One without ALPN speaks HTTP/1.1.
 */
public record Alpn(List<String> protocols) {
    public static final String HTTP_1_1 = "http/1.1";
    public static final String HTTP_2 = "h2";

    public Alpn {
        protocols = List.copyOf(protocols);
    }

    /** Whether a connection with such a client can come about. */
    public boolean accepts(@Nullable List<String> offered) {
        if (offered == null) {
            return protocols.contains(HTTP_1_1);
        }
        for (String protocol : offered) {
            if (protocols.contains(protocol)) {
                return true;
            }
        }
        return false;
    }
}
