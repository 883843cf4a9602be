package io.foregate.proxy.tls;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which site's identity a listener shows for a name: the exact one, else that of the longest wildcard, else the default.
 * Immutable, shared by all loops, part of one snapshot.
 *
 * <p>The default is the site {@code *} if it has a certificate, else the only identity there is. Where there are several and
 * none is for every name, a client that asks for none of them is refused rather than shown a stranger's certificate.
 */
public final class SniTable {
    private final Map<String, SiteIdentity> exact = new HashMap<>();
    private final Map<String, SiteIdentity> wildcards = new HashMap<>();
    private final @Nullable SiteIdentity otherwise;

    private SniTable(Map<String, SiteIdentity> identities) {
        SiteIdentity any = null;
        for (Map.Entry<String, SiteIdentity> entry : identities.entrySet()) {
            String pattern = entry.getKey();
            if (pattern.equals("*")) {
                any = entry.getValue();
            } else if (pattern.startsWith("*.")) {
                wildcards.put(pattern.substring(2), entry.getValue());
            } else {
                exact.put(pattern, entry.getValue());
            }
        }
        Set<SiteIdentity> distinct = new HashSet<>(identities.values());
        otherwise =
                any != null ? any : distinct.size() == 1 ? distinct.iterator().next() : null;
    }

    /** @param identities by host pattern: a name, {@code *.suffix}, or {@code *}; lower case */
    public static SniTable of(Map<String, SiteIdentity> identities) {
        return new SniTable(identities);
    }

    /** The identity for a name in lower case, null being a client that names none; null when there is none for it. */
    public @Nullable SiteIdentity find(@Nullable String name) {
        if (name == null) {
            return otherwise;
        }
        SiteIdentity found = exact.get(name);
        if (found != null || wildcards.isEmpty()) {
            return found != null ? found : otherwise;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            // The longest suffix comes first.
            found = dot > 0 ? wildcards.get(name.substring(dot + 1)) : null;
            if (found != null) {
                return found;
            }
        }
        return otherwise;
    }

    /** All identities in it. */
    public Set<SiteIdentity> all() {
        Set<SiteIdentity> all = new HashSet<>(exact.values());
        all.addAll(wildcards.values());
        if (otherwise != null) {
            all.add(otherwise);
        }
        return all;
    }

    /** The policy under which requests for sites without a certificate may come; 0 when there is no default. */
    public long defaultPolicy() {
        return otherwise == null ? 0 : otherwise.policy().id();
    }
}
