package io.foregate.proxy.balance;

/** What can be chosen: an endpoint, as balancers see it. Thread-safe. */
public interface Member {
    /** The same for as long as it is the same server; what hashing goes by. */
    String name();

    /** Exchanges under way, in the whole process. */
    int inFlight();

    /** How long answers take at present, smoothed; 0 while nothing is known. */
    long latencyNanos();

    /** Whether {@link #available} may say yes; claims nothing. */
    boolean usable(long nowNanos);

    /** Whether a request may be sent now. Where one request is to find out whether the member is back, this claims that try. */
    boolean available(long nowNanos);
}
