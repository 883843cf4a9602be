package io.foregate.api.message;

/** A head of either direction. */
public sealed interface Head permits RequestHead, ResponseHead {
    /** {@link #bodyLength()} of a body whose length only its end tells. */
    long UNKNOWN_LENGTH = -1;

    /** The fields; hop-by-hop ones never get here, codecs take and make them. */
    Headers headers();

    /** Bytes of the body, 0 for none, or {@link #UNKNOWN_LENGTH}. */
    long bodyLength();

    /** 10, 11, 20 or 30: the version it was received in. */
    int httpVersion();
}
