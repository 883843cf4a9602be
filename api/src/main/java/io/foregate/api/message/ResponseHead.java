package io.foregate.api.message;

/**
 * The head of a response: status, and offsets into the block of its {@link Headers}.
 *
 * <p>Mutable, owned by one event loop and by one exchange at a time, reused.
 */
public final class ResponseHead implements Head {
    private final Headers headers = new Headers();
    private int status;
    private int reasonStart;
    private int reasonLength;
    private int httpVersion = 11;
    private long bodyLength;

    public void clear() {
        headers.clear();
        status = 0;
        reasonStart = 0;
        reasonLength = -1;
        httpVersion = 11;
        bodyLength = 0;
    }

    @Override
    public Headers headers() {
        return headers;
    }

    /** 100 to 599. */
    public int status() {
        return status;
    }

    /** Whether this is an interim (1xx) answer other than 101. */
    public boolean interim() {
        return status < 200 && status != 101;
    }

    public int reasonStart() {
        return reasonStart;
    }

    /** Length of the reason phrase in the block, or -1 when the standard one is to be used. */
    public int reasonLength() {
        return reasonLength;
    }

    @Override
    public int httpVersion() {
        return httpVersion;
    }

    @Override
    public long bodyLength() {
        return bodyLength;
    }

    // ---- for codecs and filters ----

    /** Sets the status; the reason becomes the standard one. */
    public void status(int status) {
        this.status = status;
        this.reasonLength = -1;
    }

    public void reason(int start, int length) {
        this.reasonStart = start;
        this.reasonLength = length;
    }

    public void httpVersion(int version) {
        this.httpVersion = version;
    }

    public void bodyLength(long length) {
        this.bodyLength = length;
    }
}
