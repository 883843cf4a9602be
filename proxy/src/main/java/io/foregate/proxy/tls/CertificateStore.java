package io.foregate.proxy.tls;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The identities of all sites, and the ticket keys that they share. Outlives snapshots. Changed on the cold side under a lock;
 * loops only ever read a {@link SiteIdentity}, which takes none.
 */
public final class CertificateStore implements AutoCloseable {
    /**
     * What a site shows.
     *
     * @param certificates the preferred one first
     * @param clientTrust judges client certificates, or null when none are asked for
     * @param sessionScope sessions are resumed only where this is the same
     */
    public record Material(
            List<ServerCertificate> certificates,
            @Nullable X509ExtendedTrustManager clientTrust,
            byte[] sessionScope) {}

    private final Lock lock = new ReentrantLock();
    private final Map<String, SiteIdentity> identities = new HashMap<>();
    private final RsaAccelerator accelerator = new RsaAccelerator();
    private boolean accelerated;
    private List<byte[]> ticketKeys = List.of(TicketKeys.random());
    private boolean closed;

    /** Why TLS isn't to be had in this process, or null when it is. */
    public static @Nullable String missing() {
        return Boring.missing();
    }

    /**
     * Whether RSA signatures of certificates that are installed from now on may be made by the system's libcrypto, where that
     * is quicker. At first they are not.
     */
    public void accelerate(boolean wanted) {
        lock.lock();
        try {
            accelerated = wanted;
        } finally {
            lock.unlock();
        }
    }

    /** The identity of that name and policy, made when it is asked for first; without certificates until {@link #install}. */
    public SiteIdentity identity(String site, TlsPolicy policy) {
        lock.lock();
        try {
            String key = site + ' ' + Long.toHexString(policy.id());
            return identities.computeIfAbsent(key, _ -> new SiteIdentity(site, policy));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Puts certificates in force: handshakes that begin from now on show them, connections that there are go on. When they
     * can't be used, what was in force stays.
     */
    public void install(SiteIdentity identity, Material material, Set<Alpn> offers) throws TlsException {
        X509ExtendedTrustManager trust = material.clientTrust();
        lock.lock();
        try {
            if (closed) {
                return;
            }
            List<ServerCertificate> certificates = material.certificates();
            RsaKey lastKey = accelerated ? accelerator.key(certificates.getLast(), identity.policy()) : null;
            TlsContext.Ingredients ingredients = new TlsContext.Ingredients(
                    identity.policy(),
                    certificates,
                    lastKey,
                    trust == null ? NoClients.INSTANCE : trust,
                    TlsPolicy.sha256(material.sessionScope()));
            Map<Alpn, TlsContext> contexts = new HashMap<>();
            boolean whole = false;
            try {
                for (Alpn offer : offers) {
                    contexts.put(offer, TlsContext.make(ingredients, offer, ticketKeys));
                }
                whole = true;
            } finally {
                if (!whole) {
                    contexts.values().forEach(TlsContext::release);
                }
                if (lastKey != null) {
                    lastKey.release();
                }
            }
            identity.swap(contexts);
        } finally {
            lock.unlock();
        }
    }

    /** Tickets are sealed with the first of these keys from now on, and opened with any. */
    public void ticketKeys(List<byte[]> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no ticket key");
        }
        lock.lock();
        try {
            ticketKeys = List.copyOf(keys);
            for (SiteIdentity identity : identities.values()) {
                identity.contexts().values().forEach(context -> context.ticketKeys(ticketKeys));
            }
        } finally {
            lock.unlock();
        }
    }

    /** The keys in force, the one that seals first. */
    public List<byte[]> ticketKeys() {
        lock.lock();
        try {
            return ticketKeys;
        } finally {
            lock.unlock();
        }
    }

    /** A new key seals tickets; those of the {@code most - 1} keys before it can still be opened. */
    public void rotateTicketKeys(int most) {
        lock.lock();
        try {
            ticketKeys(TicketKeys.rotate(TicketKeys.random(), ticketKeys, most));
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the identities that no snapshot names any more, with their certificates. */
    public void retain(Set<SiteIdentity> used) {
        lock.lock();
        try {
            identities.values().removeIf(identity -> {
                boolean gone = !used.contains(identity);
                if (gone) {
                    identity.swap(Map.of());
                }
                return gone;
            });
        } finally {
            lock.unlock();
        }
    }

    /** All identities there are. */
    public List<SiteIdentity> all() {
        lock.lock();
        try {
            return new ArrayList<>(identities.values());
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of everything; after the loops have ended. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            identities.values().forEach(identity -> identity.swap(Map.of()));
        } finally {
            lock.unlock();
        }
    }
}
