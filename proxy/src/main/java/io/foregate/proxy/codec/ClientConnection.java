package io.foregate.proxy.codec;

import org.jspecify.annotations.Nullable;

/**
 * A connection to an endpoint, whatever its version of HTTP: it carries one exchange at a time, or many. Used on its loop only;
 * lives until its {@link ConnectionOwner} hears that it is closed.
 */
public interface ClientConnection {
    /** How many more exchanges may begin on it now: 0 while it is full, and for ever once it is on its way out. */
    int room();

    /** Whether no exchange will ever begin on it any more, though some may still be under way. */
    boolean leaving();

    /** Begins an exchange, of which {@code handler} hears; only while there is {@link #room()}. */
    ClientStream begin(StreamHandler handler);

    /** Whether it carries several exchanges at a time. */
    boolean shared();

    /** How many exchanges are under way on it. */
    int active();

    /** Whether a request for another protocol (an upgrade) can be carried. */
    boolean upgrades();

    /** The client whom it speaks for alone, or null when it may serve anybody. */
    @Nullable
    Object client();

    /** How long the origin said it keeps idle connections, in seconds, or -1. */
    int keepAliveSeconds();

    /** Notes that it lies idle without having carried anything: its first exchange may meet its end as any later one. */
    void waits();

    /** Notes how long it has lain idle before the exchange that begins on it now; 0 when it hasn't, or when that is known. */
    void idled(long nanos);

    /** What was noted last. */
    long idledNanos();

    /** Closes it if it carries nothing. */
    void closeIdle();
}
