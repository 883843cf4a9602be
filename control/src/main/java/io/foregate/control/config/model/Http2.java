package io.foregate.control.config.model;

import io.foregate.control.config.bind.Form;
import io.foregate.control.config.bind.Key;

/** What clients may do with HTTP/2. */
@Form("What clients may do with HTTP/2. Floods of frames are stopped whatever is set here.")
public record Http2(
        @Key(
                value =
                        "How many requests a connection may have under way; further ones are refused so that they can be repeated.",
                otherwise = "128",
                min = 1,
                max = 100_000)
        int maxConcurrentStreams,

        @Key(
                value =
                        "How much of one request's body may be on its way or waiting for a slow server, up to 1GiB. More of it"
                                + " makes uploads over long distances faster.",
                otherwise = "128KiB")
        Size window,

        @Key(
                value =
                        "The same for all requests of a connection together, 64KiB to 1GiB; as much again may wait for slow servers.",
                otherwise = "2MiB")
        Size connectionWindow,

        @Key(value = "The largest frame that a client may send, 16KiB to 8MiB.", otherwise = "16KiB")
        Size maxFrameSize,

        @Key(
                value = "How much memory a connection may use to know header fields again (HPACK), up to 64KiB.",
                otherwise = "4KiB")
        Size headerTableSize) {
    /** When nothing is said. */
    public static final Http2 DEFAULT =
            new Http2(128, Size.ofKibibytes(128), Size.ofKibibytes(2048), Size.ofKibibytes(16), Size.ofKibibytes(4));
}
