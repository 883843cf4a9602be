package io.foregate.control.admin;

import java.io.IOException;
import java.io.OutputStream;

/** The content of an answer that is written as it comes about, line by line, for as long as somebody reads it. */
interface Streamed {
    /**
     * Writes until it is over or {@code going} says so.
     *
     * @throws IOException when nobody reads it any more
     */
    void write(OutputStream out, Going going) throws IOException, InterruptedException;

    /** Whether the answer may go on. */
    interface Going {
        /** False once the API closes, or whoever reads isn't allowed to any more. */
        boolean on();
    }
}
