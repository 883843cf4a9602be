package io.foregate.control.config;

import io.foregate.control.config.bind.Position;
import io.foregate.control.config.bind.Problems;
import io.foregate.control.config.effective.Action;
import io.foregate.control.config.effective.EffectiveConfig;
import io.foregate.control.config.effective.EffectiveListener;
import io.foregate.control.config.effective.EffectiveRoute;
import io.foregate.control.config.effective.EffectiveSite;
import io.foregate.control.config.effective.Origin;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Cidr;
import io.foregate.control.config.model.Listener;
import io.foregate.control.config.model.Template;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds places at which the word of strangers is taken: where redirects lead, and who clients are. One use. */
final class TrustLint {
    /** The widest block of public addresses that one provider has, with room: the largest CDNs name blocks of /13. */
    private static final int WIDEST_IPV4_BITS = 12;

    private static final int WIDEST_IPV6_BITS = 24;

    private final EffectiveConfig config;
    private final Problems problems;
    // Policies and lists hold in many places, and are warned of once.
    private final Set<String> said = new HashSet<>();

    TrustLint(EffectiveConfig config, Problems problems) {
        this.config = config;
        this.problems = problems;
    }

    void run() {
        for (EffectiveListener listener : config.listeners()) {
            wide(listener.trustedProxies(), "X-Forwarded-For and Forwarded");
            boolean ownList = !listener.proxyProtocol()
                    .from()
                    .origin()
                    .equals(listener.trustedProxies().origin());
            if (ownList && listener.proxyProtocol().mode().value() != Listener.ProxyProtocol.Mode.OFF) {
                wide(listener.proxyProtocol().from(), "the PROXY protocol");
            }
        }
        for (EffectiveSite site : config.sites()) {
            for (EffectiveRoute route : site.routes()) {
                if (route.action().value() instanceof Action.Redirect(var redirect)) {
                    open(redirect.to(), route.action().origin());
                }
            }
        }
    }

    private void wide(Setting<List<Cidr>> trusted, String word) {
        for (Cidr block : trusted.value()) {
            if (tooWide(block)) {
                warn(
                        trusted.origin(),
                        block + " is more than one's own proxies: whoever connects from there may choose with " + word
                                + " which client it is taken for, in conditions, limits and logs",
                        "name the addresses of the proxies in front of this one");
            }
        }
    }

    private static boolean tooWide(Cidr block) {
        InetAddress network = block.network();
        byte[] bytes = network.getAddress();
        if (bytes.length == 4) {
            int first = bytes[0] & 0xff;
            int second = bytes[1] & 0xff;
            // 10/8, 127/8, 100.64/10, 169.254/16, 172.16/12, 192.168/16: whoever is in there, is near.
            boolean near = first == 10
                    || first == 127
                    || (first == 100 && (second & 0xc0) == 64 && block.bits() >= 10)
                    || (first == 172 && (second & 0xf0) == 16 && block.bits() >= 12);
            return block.bits() < WIDEST_IPV4_BITS && !(near && block.bits() >= 8);
        }
        boolean near = ((bytes[0] & 0xfe) == 0xfc && block.bits() >= 7)
                || ((bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xc0) == 0x80 && block.bits() >= 10);
        return block.bits() < WIDEST_IPV6_BITS && !near;
    }

    /** Whether what a client sends may decide to which host it is sent: then a link to this proxy can lead to anybody. */
    private void open(Template to, Origin origin) {
        String text = to.toString();
        int scheme = text.indexOf("://");
        boolean absolute = scheme > 0 && text.indexOf('/') > scheme;
        String rest = absolute ? text.substring(scheme + 3) : text;
        String word = absolute ? ofAuthority(rest) : rest.startsWith("/{query}") ? "{query}" : "";
        if (!word.isEmpty()) {
            warn(
                    origin,
                    "whoever makes a link to this route chooses the host that it leads to, by what stands in " + word,
                    absolute
                            ? "write a host before it, and a / behind the host: https://example.com/?{query}"
                            : "write a path before it: /search?{query}");
        }
    }

    // A path begins with a slash, so it ends a host; at the front, browsers skip the slash.
    private static String ofAuthority(String rest) {
        if (rest.startsWith("{path}") || rest.startsWith("{uri}")) {
            return rest.substring(0, rest.indexOf('}') + 1);
        }
        for (int i = 0; i < rest.length(); i++) {
            char c = rest.charAt(i);
            if (c == '/' || c == '?' || c == '#' || rest.startsWith("{path}", i) || rest.startsWith("{uri}", i)) {
                return "";
            }
            if (rest.startsWith("{query}", i)) {
                return "{query}";
            }
        }
        return "";
    }

    private void warn(Origin origin, String message, String hint) {
        Position position = origin.position();
        if (position != null && said.add(position + message)) {
            problems.warning(position, origin.path(), message, hint);
        }
    }
}
