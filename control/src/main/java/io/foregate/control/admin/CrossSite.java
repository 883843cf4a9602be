package io.foregate.control.admin;

import com.sun.net.httpserver.Headers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells calls that a browser makes on behalf of some page on the web, which its user knows nothing of. On a machine where somebody
 * works, such a page reaches loopback addresses as well as the user does. Stateless.
 */
final class CrossSite {
    private CrossSite() {}

    /**
     * Why the call is refused, or null when it may be.
     *
     * @param local whether the API listens on a loopback address: then names other than its own are somebody's who made them lead
     *     here (DNS rebinding)
     */
    static @Nullable String refusal(Headers headers, boolean local, boolean secure) {
        String host = headers.getFirst("Host");
        if (host == null || (headers.get("Host") != null && headers.get("Host").size() > 1)) {
            return "a request has one Host field";
        }
        if (local && !isLocal(name(host))) {
            return "the host " + shown(host) + " is none of this machine's loopback names";
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return "a page of another site may not use the admin API";
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equalsIgnoreCase((secure ? "https://" : "http://") + host)) {
            return "a page of another site may not use the admin API";
        }
        return null;
    }

    private static String name(String host) {
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        return name.toLowerCase(Locale.ROOT);
    }

    private static boolean isLocal(String name) {
        return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.[0-9]{1,3}){3}");
    }

    private static String shown(String host) {
        return "\"" + (host.length() > 100 ? host.substring(0, 100) + "…" : host) + "\"";
    }
}
