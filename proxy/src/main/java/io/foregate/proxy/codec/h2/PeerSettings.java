package io.foregate.proxy.codec.h2;

/** What the peer allows us, as far as its SETTINGS have said (RFC 9113 §6.5.2). Owned by its connection. */
final class PeerSettings {
    private int initialWindow = Frame.DEFAULT_WINDOW;
    private int maxFrameSize = Frame.DEFAULT_FRAME_SIZE;
    private long headerTableSize = 4096;
    private long maxConcurrentStreams = Long.MAX_VALUE;
    private long maxHeaderListSize = Long.MAX_VALUE;
    private boolean connectProtocol;

    int initialWindow() {
        return initialWindow;
    }

    int maxFrameSize() {
        return maxFrameSize;
    }

    long headerTableSize() {
        return headerTableSize;
    }

    long maxConcurrentStreams() {
        return maxConcurrentStreams;
    }

    long maxHeaderListSize() {
        return maxHeaderListSize;
    }

    /** Whether the peer takes extended CONNECT (RFC 8441). */
    boolean connectProtocol() {
        return connectProtocol;
    }

    /** Takes one setting, an unsigned value; returns the error that it is, or NO_ERROR. */
    int set(int identifier, long value) {
        switch (identifier) {
            case Frame.HEADER_TABLE_SIZE -> headerTableSize = value;
            case Frame.ENABLE_PUSH -> {
                return value <= 1 ? ErrorCode.NO_ERROR : ErrorCode.PROTOCOL_ERROR;
            }
            case Frame.MAX_CONCURRENT_STREAMS -> maxConcurrentStreams = value;
            case Frame.INITIAL_WINDOW_SIZE -> {
                if (value > Frame.LARGEST_WINDOW) {
                    return ErrorCode.FLOW_CONTROL_ERROR;
                }
                initialWindow = (int) value;
            }
            case Frame.MAX_FRAME_SIZE -> {
                if (value < Frame.DEFAULT_FRAME_SIZE || value > Frame.LARGEST_FRAME_SIZE) {
                    return ErrorCode.PROTOCOL_ERROR;
                }
                maxFrameSize = (int) value;
            }
            case Frame.MAX_HEADER_LIST_SIZE -> maxHeaderListSize = value;
            case Frame.ENABLE_CONNECT_PROTOCOL -> {
                // RFC 8441 §3: once allowed, it stays so.
                if (value > 1 || (connectProtocol && value == 0)) {
                    return ErrorCode.PROTOCOL_ERROR;
                }
                connectProtocol = value == 1;
            }
            case Frame.NO_RFC7540_PRIORITIES -> {
                return value <= 1 ? ErrorCode.NO_ERROR : ErrorCode.PROTOCOL_ERROR;
            }
            default -> {}
        }
        return ErrorCode.NO_ERROR;
    }
}
