package io.foregate.proxy.codec;

/** The upstream side of one exchange. */
public interface ClientStream extends HttpStream {
    /** Whether any byte of an answer has come. */
    boolean responseStarted();

    /** Whether its connection was kept from before. */
    boolean reused();

    /** Whether the exchange began on a connection that lay idle: the peer may have closed it while nobody looked. */
    boolean mayBeStale();
}
