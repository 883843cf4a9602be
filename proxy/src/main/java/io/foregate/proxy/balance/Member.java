package io.foregate.proxy.balance;

/** What can be chosen: an endpoint, as balancers see it. Thread-safe. */
public interface Member {
    /** The same for as long as it is the same server; what hashing goes by. */
    String name();

    /** Exchanges under way, in the whole process. */
    int inFlight();

    /** How long answers take at worst at present, see {@link PeakLatency}; 0 while nothing is known. */
    long peakLatencyNanos(long nowNanos);

    /** Whether {@link #available} may say yes; claims nothing. */
    boolean usable(long nowNanos);

    /** Whether a request may be sent now. Where one request is to find out whether the member is back, this claims that try. */
    boolean available(long nowNanos);

    /**
     * Whether a request may be sent although the member counts as down, because there are too few others: as long as it can be
     * reached at all.
     */
    boolean availableInPanic(long nowNanos);
}
